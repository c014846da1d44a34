import { type AzoraError, type Log, toAzoraError } from '@azora/base'
import { type Entry, type Failure, isErased, isTerminal, RunState } from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import { isJournalGone } from '../driving/journal-gone.ts'
import { SYSTEM } from '../driving/moves.ts'
import { isKind } from '../fold/about-step.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { cancelChild } from './cancelling.ts'
import { type ChildSpec, childSpecOf, isAwaited } from './child.ts'
import { type Pause, pauseIn, pauseOf, pauseOrResume } from './pausing.ts'
import { type StartDeps, startChild } from './start.ts'
import { useOf } from './use.ts'

/** Starts the children of runs, tells parents how these ended, and pauses and ends children with their parents. */
export interface Children {
  /** Takes care of all children that the run has on record and that have not ended. */
  watch(fold: RunFold): void
  /** Cancels a child whose parent has ended without it. */
  adopt(fold: RunFold): void
  stop(): void
}

export interface ChildrenDeps extends StartDeps {
  journal: Pick<Journal, 'append' | 'subscribe' | 'states'> & TenantRuns
  log: Log
}

interface Child {
  spec: ChildSpec
  /** It is part of the end of its parent, which a cancel doesn't stop. */
  undoes: boolean
  /** Its parent ends without it. */
  isUnwanted: boolean
  /** Place of the entry that changed what it may use, until that is read from the parent's record. */
  staleSince?: number
  /** What was begun for it last; one thing at a time. */
  last: Promise<void>
}

/** A run's children that have not ended. */
interface Family {
  children: Set<Child>
  pause: Pause | undefined
}

const RETRY_MS = 1_000
const TOO_LATE: Failure = { code: 'deadline_exceeded', message: 'the deadline passed before it could begin' }
const UNENDED = RunState.options.filter((state) => !isTerminal(state))

export function createChildren(deps: ChildrenDeps): Children {
  const { journal, clock, log } = deps
  const children = new Map<string, Child>()
  const families = new Map<string, Family>()
  let stopped = false

  const unsubscribe = journal.subscribe((entries) => {
    if (children.size > 0) for (const entry of entries) hear(entry)
  })

  function hear(entry: Entry): void {
    const { run = '', kind, transition } = entry.header
    const child = transition && children.get(run)
    const isEnd = transition !== undefined && isTerminal(transition.to)
    if (child && isEnd) attempt(child, () => tell(child, transition.to))
    else if (child && transition.to !== 'paused' && familyOf(child)?.pause) attempt(child, () => care(child))
    const family = families.get(run)
    if (!family) return
    if (isEnd) for (const one of family.children) abandon(one)
    if (kind === 'run.cancel_requested') cancelAll(family)
    if (setsBudget(entry)) for (const one of family.children) one.staleSince = entry.header.index
    if (kind === 'run.paused' || kind === 'run.resumed') pauseAll(family, pauseIn(entry))
  }

  const familyOf = ({ spec }: Child): Family | undefined => families.get(spec.parent.run)

  const cancelAll = ({ children: all }: Family): void => [...all].filter(({ undoes }) => !undoes).forEach(abandon)

  function pauseAll(family: Family, pause: Pause | undefined): void {
    family.pause = pause
    for (const one of family.children) attempt(one, () => care(one))
  }

  function abandon(child: Child): void {
    if (child.isUnwanted) return
    child.isUnwanted = true
    attempt(child, () => care(child))
  }

  /** From the child's record to what has to be done about it. */
  async function care(child: Child): Promise<void> {
    const state = await stateIn(journal, child.spec.runId)
    const { spec } = child
    if (state && isTerminal(state)) return tell(child, state)
    const pause = familyOf(child)?.pause
    if (state) return child.isUnwanted ? cancel(spec) : pauseOrResume(journal, spec, state, pause)
    if (child.isUnwanted) return tell(child, 'cancelled')
    // It begins when its parent goes on; both have one deadline.
    if (pause) return isOverdue(spec, clock.now()) ? tell(child, 'fail', TOO_LATE) : undefined
    // It begins with what it may use when that is known.
    if (child.staleSince !== undefined) return
    const refused = await startChild(deps, spec)
    if (refused) return tell(child, 'fail', refused)
    if (child.isUnwanted) return cancel(spec)
  }

  function refresh(child: Child, spec: ChildSpec, readTo: number): void {
    if (child.staleSince === undefined || readTo < child.staleSince) return
    child.spec = spec
    delete child.staleSince
    attempt(child, () => care(child))
  }

  const cancel = ({ runId, caller: { tenant }, parent }: ChildSpec): Promise<void> =>
    cancelChild(journal, { runId, tenant }, `its parent ${parent.run} goes on without it`)

  async function tell({ spec }: Child, state: RunState, error?: Failure): Promise<void> {
    await tellParent(journal, spec, state, error)
    forget(spec.runId)
  }

  function forget(runId: string): void {
    const child = children.get(runId)
    if (!child) return
    const { run } = child.spec.parent
    children.delete(runId)
    families.get(run)?.children.delete(child)
    if (families.get(run)?.children.size === 0) families.delete(run)
  }

  /** Tries again until it is done, or there is nothing to do: whoever had to be told has ended. */
  function attempt(child: Child, work: () => Promise<void>): void {
    const { runId } = child.spec
    const isOver = (): boolean => stopped || children.get(runId) !== child
    const begin = async (): Promise<void> => (isOver() ? undefined : work())
    child.last = child.last.then(begin).catch((thrown) => {
      const error: AzoraError = toAzoraError(thrown)
      if (stopped || isJournalGone(error)) return
      // Its parent has ended: nobody has to be told.
      if (error.code === 'illegal_transition') return child.isUnwanted ? forget(runId) : undefined
      log.warn({ err: error, run: runId }, 'a child of a run could not be taken care of; it is tried again')
      clock.after(error.retryAfterMs ?? RETRY_MS, () => attempt(child, () => care(child)))
    })
  }

  /** What was committed together with the start of a child was not heard as being about it. */
  function heed(fold: RunFold): void {
    const family = families.get(fold.spec.runId)
    if (!family) return
    if (isStopping(fold)) cancelAll(family)
    const pause = pauseOf(fold)
    if ((pause === undefined) !== (family.pause === undefined)) pauseAll(family, pause)
    if (family.pause && isOverdue(fold.spec, clock.now()))
      for (const one of family.children) attempt(one, () => care(one))
  }

  return {
    watch(fold) {
      if (stopped) return
      for (const step of fold.steps.values()) {
        const spec = isAwaited(fold, step) ? childSpecOf(fold, step) : undefined
        const known = spec && children.get(spec.runId)
        if (known) refresh(known, spec, fold.lastIndex)
        if (!spec || known) continue
        const undoes = step.compensates !== undefined
        const child = { spec, undoes, isUnwanted: isStopping(fold) && !undoes, last: Promise.resolve() }
        const family = families.get(spec.parent.run) ?? { children: new Set(), pause: pauseOf(fold) }
        children.set(spec.runId, child)
        families.set(spec.parent.run, family)
        family.children.add(child)
        attempt(child, () => care(child))
      }
      heed(fold)
    },
    adopt({ spec: { runId, tenant, parent } }) {
      if (!parent || stopped || children.has(runId)) return
      const look = async (): Promise<void> => {
        const above = await stateIn(journal, parent.run)
        if (above && isTerminal(above))
          await cancelChild(journal, { runId, tenant }, `its parent ${parent.run} has ended`)
      }
      look().catch((thrown) => log.warn({ err: toAzoraError(thrown), run: runId }, 'a parent could not be looked at'))
    },
    stop() {
      stopped = true
      unsubscribe()
    },
  }
}

async function tellParent(
  journal: ChildrenDeps['journal'],
  spec: ChildSpec,
  state: RunState,
  error?: Failure,
): Promise<void> {
  const { caller, parent, runId } = spec
  const used = await useOf(journal, spec)
  await journal.append({
    kind: 'child.ended',
    tenant: caller.tenant,
    actor: SYSTEM,
    run: parent.run,
    payload: { stepId: parent.step, run: runId, state, ...(error && { error }), ...(used && { used }) },
    key: `child:${runId}`,
    standing: UNENDED,
  })
}

const setsBudget = (entry: Entry): boolean =>
  !isErased(entry) && isKind(entry, 'run.resumed') && entry.payload.budget !== undefined

/** What it began is to end, but for what undoes. */
const isStopping = ({ cancel, ending }: RunFold): boolean => cancel !== undefined || ending !== undefined

const isOverdue = ({ deadline }: Pick<ChildSpec, 'deadline'>, nowMs: number): boolean =>
  deadline !== undefined && nowMs >= Date.parse(deadline)

const stateIn = async (journal: Pick<Journal, 'states'>, run: string): Promise<RunState | undefined> =>
  (await journal.states([run])).get(run)
