import { AzoraError, type Clock, timestamp } from '@azora/base'
import type { Entry, EntryKind } from '@azora/contracts'
import type { Committed, Draft, Journal } from '@azora/journal'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'

/**
 * Lets a run be decided further while the entries that it was decided on are on their way into the log. What is decided so
 * is appended directly behind them, or not at all: when anything else enters the run in between, the fold is read anew. So the
 * log holds nothing that was decided without all that stands before it.
 */
export interface Ahead {
  /** The fold holds what the log may not hold yet. */
  readonly isAhead: boolean
  /** The fold isn't what the log says, until {@link Ahead.catchUp}. */
  readonly isLost: boolean
  /** Lets nothing be appended that was decided before the fold was lost, but how actions ended. */
  onCourse<T>(append: (draft: Draft) => Promise<T>): (draft: Draft) => Promise<T>
  /** Throws `illegal_transition` where another entry came first. */
  append(draft: Draft): Promise<Committed>
  /** Whether it can be known in which place the draft comes to stand. */
  canLead(draft: Draft): boolean
  /** Appends, and changes the fold as if the entry were durable. */
  goAhead(draft: Draft): Promise<Committed>
  /** Takes in an entry that is durable. */
  take(entry: Entry): void
  lose(): void
  /** Reads the fold from the log. */
  catchUp(): Promise<void>
}

/** Appends the entry with which a piece of work ends. The run may go on from it before it is durable. */
export type Conclude = (draft: Draft) => Promise<unknown>

/** Entries from which more follows by itself, and which are no effect and no answer to anybody. */
const LEADING = new Set<EntryKind>([
  'run.started',
  'plan.proposed',
  'action.finished',
  'agent.concluded',
  'run.validated',
])

/** Whether a run may go on from an entry before it is durable. */
export const leads = ({ kind, payload }: Draft): boolean => LEADING.has(kind) && !('retry' in payload)

interface Pending {
  payload: Draft['payload']
  mark: symbol
  /** Its place in the run, if nothing comes in between. */
  at: number
  /** The fold holds it. */
  isApplied: boolean
}

export function createAhead(
  { journal, clock }: { journal: Pick<Journal, 'append' | 'readRun'>; clock: Clock },
  fold: RunFold,
): Ahead {
  /** What is on its way since the run went ahead, in order. */
  let pending: Pending[] = []
  let isLost = false
  let course = 0
  /** What came while the fold was lost. */
  let arrived: Entry[] = []

  const isAhead = (): boolean => pending.some(({ isApplied }) => isApplied)
  const lose = (): void => {
    if (!isLost) course += 1
    isLost = true
    pending = []
  }

  function send(draft: Draft, isApplied: boolean): Promise<Committed> {
    const behind = pending.at(-1)
    const mark = Symbol(draft.kind)
    pending.push({ payload: draft.payload, mark, at: behind ? behind.at + 1 : (fold.entries ?? 0), isApplied })
    return journal.append({ ...draft, mark, ...(behind && { behind }) })
  }

  return {
    get isAhead() {
      return isAhead()
    },
    get isLost() {
      return isLost
    },
    onCourse(append) {
      const mine = course
      return async (draft) => {
        if (mine !== course && draft.kind !== 'action.finished') throw overtaken(fold)
        return append(draft)
      }
    },
    async append(draft) {
      // How an action ended is recorded wherever it comes to stand.
      if (draft.kind === 'action.finished') return journal.append(draft)
      if (isLost) throw overtaken(fold)
      if (!isAhead()) return journal.append(draft)
      return send(draft, false).catch((thrown) => {
        pending = pending.filter(({ payload }) => payload !== draft.payload)
        throw thrown
      })
    },
    // An outcome must not hang on what stands before it.
    canLead: ({ kind }) => fold.entries !== undefined && !isLost && !(isAhead() && kind === 'action.finished'),
    goAhead(draft) {
      const done = send(draft, true)
      applyAhead(fold, draft, clock.now())
      return done
    },
    take(entry) {
      // It was read before it was told.
      if (entry.header.index <= fold.lastIndex) return
      const [next] = pending
      if (!isLost && next && 'payload' in entry && next.payload === entry.payload) {
        pending.shift()
        if (next.isApplied) confirm(fold, entry)
        else applyEntry(fold, entry)
      } else if (!isLost && !isAhead()) applyEntry(fold, entry)
      else {
        lose()
        arrived.push(entry)
      }
    },
    lose,
    async catchUp() {
      const read = foldRun(await journal.readRun(fold.spec.runId))
      if (!read) throw new TypeError(`the log has no run ${fold.spec.runId}`)
      for (const name of Object.keys(fold)) if (!(name in read)) delete fold[name as keyof RunFold]
      Object.assign(fold, read)
      for (const entry of arrived) applyEntry(fold, entry)
      arrived = []
      isLost = false
    },
  }
}

const overtaken = ({ spec }: RunFold): AzoraError =>
  new AzoraError('conflict', 'illegal_transition', `run ${spec.runId} has moved on`)

/** Its place and time are not known yet: they count from {@link confirm} on. */
function applyAhead(fold: RunFold, { kind, payload, tenant, actor, transition }: Draft, nowMs: number): void {
  const { lastIndex, entries } = fold
  const header = { index: lastIndex + 1, at: timestamp(nowMs), kind, tenant, actor, ...(transition && { transition }) }
  applyEntry(fold, { header, payload } as Entry)
  Object.assign(fold, { lastIndex, entries })
}

/** Puts right what depends on the place and the time of an entry that the fold holds. */
function confirm(fold: RunFold, { header, payload }: Entry): void {
  const { shard, index, at, kind, runIndex } = header
  fold.lastIndex = index
  fold.entries = runIndex === undefined ? undefined : runIndex + 1
  if (kind === 'run.started') fold.startedAt = at
  if (kind === 'run.validated') fold.validated = { shard, index }
  if (kind !== 'action.finished' || !payload || !('stepId' in payload)) return
  const step = fold.steps.get(payload.stepId)
  if (step) step.endedAt = index
}
