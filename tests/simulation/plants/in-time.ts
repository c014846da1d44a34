import { edit, type Plant } from './plant.ts'

/** Bugs in what a run does later, again, back or as another version. */
export const PLANTS_IN_TIME: readonly Plant[] = [
  {
    name: 'a run starts before its time',
    theme: 'later',
    edits: [
      edit('orchestrator/driving/engine.ts', 'if (startAt !== undefined || after !== undefined) return', ''),
      edit('orchestrator/deciding/decide.ts', 'isEarly(fold, now) || waitsForRuns(fold)', 'waitsForRuns(fold)'),
    ],
  },
  {
    name: 'nobody is woken when a run is to start',
    theme: 'later',
    edits: [
      edit('orchestrator/driving/engine.ts', 'const times = [startAt, deadline]', 'const times = [deadline]'),
      edit('orchestrator/deciding/due.ts', "  if (state === 'scheduled') consider(spec.startAt)\n", ''),
    ],
  },
  {
    name: 'a run that went on after it was at rest is not looked at by the next server',
    theme: 'waits',
    edits: [
      edit('orchestrator/listing/rests.ts', 'woken: [...lastOf.keys()].filter((run) => !noted.has(run))', 'woken: []'),
    ],
  },
  {
    name: 'the next server does not wake what rests until a time',
    theme: 'waits',
    edits: [edit('orchestrator/admission/recovery.ts', 'taker.goOnBy(run, atMs)', 'void [run, atMs]')],
  },
  {
    name: 'a run rests as long as its children act',
    theme: 'children',
    edits: [
      edit(
        'orchestrator/driving/at-rest.ts',
        '![...fold.steps.values()].some((step) => isAwaited(fold, step))',
        'true',
      ),
    ],
  },
  {
    name: 'another attempt is made before its time',
    theme: 'retries',
    edits: [
      edit(
        'orchestrator/deciding/decide.ts',
        "if (state === 'retrying' && step.retry && now.nowMs < step.retry.dueMs) continue",
        '',
      ),
    ],
  },
  {
    name: 'nobody is woken when another attempt is due',
    theme: 'retries',
    edits: [edit('orchestrator/deciding/due.ts', '    if (retry) considerMs(retry.dueMs)\n', '')],
  },
  {
    name: 'a server that stops is told nothing more of what it does',
    theme: 'retries',
    isRare: true,
    edits: [
      edit('orchestrator/driving/engine.ts', '      children.stop()\n', '      children.stop()\n      unsubscribe()\n'),
    ],
  },
  {
    name: 'what may have happened is tried again',
    theme: 'retries',
    edits: [edit('orchestrator/deciding/retry.ts', 'return isHarmless(skill, error.code)', 'return true')],
  },
  {
    name: 'attempts have no end',
    theme: 'retries',
    edits: [edit('orchestrator/deciding/retry.ts', 'attempt > policy.attempts || ', '')],
  },
  {
    name: 'what was done first is undone first',
    theme: 'undoing',
    edits: [
      edit(
        'orchestrator/deciding/compensation.ts',
        '(b.endedAt ?? 0) - (a.endedAt ?? 0)',
        '(a.endedAt ?? 0) - (b.endedAt ?? 0)',
      ),
    ],
  },
  {
    name: 'all is undone at one time',
    theme: 'undoing',
    edits: [edit('orchestrator/deciding/decide.ts', 'decideSteps(fold, now, [next])', 'decideSteps(fold, now)')],
  },
  {
    name: 'a run that is cancelled leaves what it did',
    theme: 'undoing',
    edits: [
      edit(
        'orchestrator/deciding/compensation.ts',
        'compensation?.on.includes(end)',
        "(end !== 'cancel' && compensation?.on.includes(end))",
      ),
    ],
  },
  {
    name: 'a run is moved while its agent is asked',
    theme: 'moves',
    edits: [
      edit('orchestrator/forking/migrate.ts', 'if (isDriven(runId))', 'if (false)'),
      edit('orchestrator/driving/carry-out.ts', 'if (agentVersion !== asked)', 'if (false)'),
      edit('orchestrator/driving/carry-out.ts', '{agentVersion}`', '{asked}`'),
    ],
  },
  {
    name: 'a run that goes on is moved',
    theme: 'moves',
    edits: [
      edit(
        'orchestrator/forking/migrate.ts',
        "if (now.lastIndex !== fold.lastIndex) throw busy('the run moved on meanwhile')\n  assertResting(deps, now)",
        '',
      ),
      edit('orchestrator/forking/migrate.ts', '    standing: [state],\n', ''),
    ],
  },
  {
    name: 'a run is moved twice at one time',
    theme: 'moves',
    edits: [edit('orchestrator/forking/migrate.ts', ' : { place: entries }', ' : {}')],
  },
  {
    name: 'a node goes on without its connection',
    theme: 'outages',
    edits: [edit('execution/node/session.ts', 'for (const { cancel } of all) cancel.abort()', '')],
  },
  {
    name: 'a run fails while the database is away',
    theme: 'outages',
    isRare: true,
    edits: [
      edit('orchestrator/driving/driver.ts', 'if (RECORD_AWAY.has(error.code)) return pause(RECORD_AWAY_MS)', ''),
      edit('orchestrator/driving/driver.ts', 'const RETRIES_MAX = 5', 'const RETRIES_MAX = 0'),
    ],
  },
  {
    name: 'nobody knows that the journal waits for the database',
    theme: 'outages',
    edits: [edit('journal/patience.ts', 'troubles.add(trouble)', '')],
  },
  {
    name: 'a write that was given up is taken for done',
    theme: 'outages',
    edits: [
      edit(
        'journal/writer.ts',
        'if (!isNotNew(thrown)) throw thrown',
        'if (!isNotNew(thrown)) return acknowledge(accepted, announced)',
      ),
    ],
  },
]
