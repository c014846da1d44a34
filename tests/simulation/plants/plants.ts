import { PLANTS_BETWEEN_RUNS } from './between-runs.ts'
import { PLANTS_IN_TIME } from './in-time.ts'
import { PLANTS_OF_PEOPLE } from './people.ts'
import { edit, type Plant } from './plant.ts'
import { PLANTS_OF_VERSIONS } from './versions.ts'

export const PLANTS: readonly Plant[] = [
  {
    name: 'an action that changes the world is not put on record before it starts',
    edits: [edit('orchestrator/attempt/attempt.ts', '  if (isStateful(action.effects)) {', '  if (isStateful([])) {')],
  },
  {
    name: 'an entry is acknowledged before it is durable',
    edits: [
      edit(
        'journal/writer.ts',
        '      await patience.tryFor(() => commit(store, prepared.batch))',
        '      void patience.tryFor(() => commit(store, prepared.batch)).catch(() => {})',
      ),
    ],
  },
  {
    name: 'a run is driven twice at one time',
    edits: [
      edit('orchestrator/driving/engine.ts', 'if (!active.has(next.run)) void drive', 'void drive'),
      edit(
        'orchestrator/driving/engine.ts',
        '    if (Array.isArray(driver)) driver.push(entry)',
        "    if (kind === 'plan.proposed') goOn(run)\n    if (Array.isArray(driver)) driver.push(entry)",
      ),
    ],
  },
  {
    name: 'what must not be done twice is taken for repeatable',
    edits: [
      edit(
        'orchestrator/deciding/repeatable.ts',
        'return knownSkill(registry, action.skillId, action.skillVersion)?.idempotent ?? false',
        'return true',
      ),
    ],
  },
  {
    name: 'an illegal transition enters the log',
    edits: [
      edit('journal/lifecycle.ts', '      if (transition) assertLegal(run, state, transition)', ''),
      edit('orchestrator/commands/control.ts', 'if (!to || !mayFollow(state, to)) throw', 'if (!to) throw'),
    ],
  },
  {
    name: 'a paused run goes on',
    edits: [
      edit(
        'orchestrator/deciding/decide.ts',
        "  if (fold.state === 'paused') return []\n  if (fold.reached)",
        '  if (fold.reached)',
      ),
      edit(
        'orchestrator/driving/moves.ts',
        "['running', 'awaiting_review'] as const",
        "['running', 'awaiting_review', 'paused'] as const",
      ),
      edit('orchestrator/attempt/place.ts', "slot && fold.state === 'running'", 'slot'),
    ],
  },
  {
    name: 'a pause is ignored by an action that is about to begin',
    isRare: true,
    edits: [
      edit('orchestrator/attempt/place.ts', "slot && fold.state === 'running'", 'slot'),
      edit(
        'orchestrator/driving/moves.ts',
        "['running', 'awaiting_review'] as const",
        "['running', 'awaiting_review', 'paused'] as const",
      ),
    ],
  },
  {
    name: 'a cancel is forgotten at a restart',
    edits: [
      edit(
        'orchestrator/driving/engine.ts',
        '      for (const entry of arriving) applyEntry(fold, entry)',
        '      delete fold.cancel\n      for (const entry of arriving) applyEntry(fold, entry)',
      ),
    ],
  },
  {
    name: 'a proof is good for more than one time',
    isRare: true,
    edits: [
      edit(
        'execution/node/permit.ts',
        "    if (spent.has(permission.nonce)) return refusal('proof_spent', 'the proof was used before')",
        '',
      ),
    ],
  },
  {
    name: 'a request that is heard twice is refused while it is under way',
    isRare: true,
    edits: [
      edit('execution/node/session.ts', '    if (running.has(request.id)) return', ''),
      edit(
        'execution/node/session.ts',
        'running.size >= deps.capacity',
        'running.has(request.id) || running.size >= deps.capacity',
      ),
    ],
  },
  {
    name: 'nobody is woken by a deadline',
    edits: [edit('orchestrator/deciding/due.ts', '  consider(spec.deadline)', '')],
  },
  {
    name: 'nobody is woken by a decision',
    edits: [edit('orchestrator/driving/engine.ts', "  'review.decided',\n", '')],
  },
  {
    name: 'each attempt has an idempotency key of its own',
    edits: [
      edit('orchestrator/attempt/attempt.ts', 'idempotencyKey = `', 'idempotencyKey = String(step.verifications) + `'),
    ],
  },
  {
    name: 'a start takes up the runs that the list has, not those of the log',
    edits: [edit('orchestrator/orchestrator.ts', '  await projector.caughtUp()\n  await enlist', '  await enlist')],
  },
  {
    name: 'a request with a key that was used makes another run',
    edits: [edit('orchestrator/commands/schedule.ts', '{ key: keyOf(', '{ other: keyOf(')],
  },
  {
    name: 'an agent may propose more than its budget',
    isRare: true,
    edits: [
      edit('orchestrator/driving/turn.ts', '  if (before + steps.length > actions)', '  if (steps.length > actions)'),
    ],
  },
  {
    name: 'what was decided on an entry stands in the log without it',
    theme: 'haste',
    edits: [
      edit(
        'journal/lifecycle.ts',
        '      if (behind && !(last === behind.mark',
        '      if (false && !(last === behind?.mark',
      ),
    ],
  },
  ...PLANTS_BETWEEN_RUNS,
  ...PLANTS_IN_TIME,
  ...PLANTS_OF_VERSIONS,
  ...PLANTS_OF_PEOPLE,
]
