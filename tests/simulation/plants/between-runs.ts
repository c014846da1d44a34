import { edit, type Plant } from './plant.ts'

/** Bugs in what runs wait for, and in how one run comes of another. */
export const PLANTS_BETWEEN_RUNS: readonly Plant[] = [
  {
    name: 'two waits take one signal',
    theme: 'waits',
    edits: [edit('orchestrator/driving/wait.ts', '!taken.has(candidate) && ', '')],
  },
  {
    name: 'a wait ends before its time',
    theme: 'waits',
    edits: [edit('orchestrator/driving/wait.ts', 'if (nowMs < wait.untilMs)', 'if (nowMs + 1_000 < wait.untilMs)')],
  },
  {
    name: 'nobody is woken by a signal',
    theme: 'waits',
    edits: [edit('orchestrator/driving/engine.ts', "  'run.signalled',\n", '')],
  },
  {
    name: 'nobody is woken when a wait has lasted long enough',
    theme: 'waits',
    edits: [edit('orchestrator/deciding/due.ts', 'if (wait && !outcome) considerMs(wait.untilMs)', '')],
  },
  {
    name: 'a step starts another child at each look',
    theme: 'children',
    edits: [
      edit(
        'orchestrator/children/child.ts',
        "uuidv7(step.startedMs, Buffer.from(name.slice(0, 20), 'hex'))",
        'uuidv7(step.startedMs)',
      ),
    ],
  },
  {
    name: 'a child is not cancelled with its parent',
    theme: 'children',
    edits: [
      edit(
        'orchestrator/children/children.ts',
        'if (state) return child.isUnwanted ? cancel(spec) : pauseOrResume(journal, spec, state, pause)',
        'if (state) return undefined',
      ),
    ],
  },
  {
    name: 'a child that ended while the server was down is not heard of',
    theme: 'children',
    edits: [edit('orchestrator/children/children.ts', 'if (state && isTerminal(state)) return tell(child, state)', '')],
  },
  {
    name: 'a run that is cancelled ends before its children',
    theme: 'children',
    edits: [edit('orchestrator/deciding/decide.ts', 'if (isStopping(fold, now) && hasChildren(fold))', 'if (false)')],
  },
  {
    name: 'a failing run undoes what it did while a child that it left goes on',
    theme: 'children',
    edits: [edit('orchestrator/deciding/decide.ts', 'if (leftIn(fold).length > 0) return []', '')],
  },
  {
    name: 'what is over keeps the room that it had in the budget of its run',
    theme: 'children',
    isRare: true,
    edits: [edit('orchestrator/budgets/settle.ts', 'if (over !== undefined) return', 'if (false) return')],
  },
  {
    name: 'a child goes on while its parent is paused',
    theme: 'children',
    edits: [edit('orchestrator/children/children.ts', 'pauseOrResume(journal, spec, state, pause)', 'undefined')],
  },
  {
    name: 'a pause that was made before a restart stays with the parent',
    theme: 'children',
    edits: [
      edit('orchestrator/children/children.ts', 'pause: pauseOf(fold) }', 'pause: undefined }'),
      edit(
        'orchestrator/children/children.ts',
        'if ((pause === undefined) !== (family.pause === undefined)) pauseAll(family, pause)',
        '',
      ),
    ],
  },
  {
    name: 'a run starts before those that it names have ended',
    theme: 'dependencies',
    edits: [
      edit('orchestrator/driving/engine.ts', 'if (startAt !== undefined || after !== undefined) return', ''),
      edit('orchestrator/deciding/decide.ts', 'isEarly(fold, now) || waitsForRuns(fold)', 'isEarly(fold, now)'),
    ],
  },
  {
    name: 'what a run starts after is forgotten at a restart',
    theme: 'dependencies',
    edits: [edit('orchestrator/driving/engine.ts', 'if (waitsForRuns(fold)) dependents.watch(fold.spec)', '')],
  },
  {
    name: 'a run that is due gets another id at each start',
    theme: 'schedules',
    edits: [edit('orchestrator/schedules/starter.ts', '      runId: due.runId,\n', '')],
  },
  {
    name: 'a run that was due at a restart is taken for started',
    theme: 'schedules',
    edits: [edit('orchestrator/schedules/recovery.ts', 'if (state !== undefined) noteStarted', 'noteStarted')],
  },
  {
    name: 'runs of a schedule overlap',
    theme: 'schedules',
    edits: [edit('orchestrator/schedules/next.ts', "schedule.overlap !== 'allow' && open.size > 0", 'false')],
  },
  {
    name: 'a fork does again what it took over',
    theme: 'forks',
    edits: [edit('orchestrator/fold/fold.ts', 'if (!specErased) takeOver(fold, takenFrom(entry))', '')],
  },
  {
    name: 'a fork leaves out earlier plans',
    theme: 'forks',
    edits: [edit('orchestrator/forking/take-over.ts', 'payload.turn < turn || ', '')],
  },
]
