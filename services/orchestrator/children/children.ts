import { type AzoraError, type Log, toAzoraError } from '@azora/base'
import { type Entry, type Failure, isTerminal, RunState } from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import { controlRun, controls } from '../control.ts'
import type { RunFold } from '../fold.ts'
import { isJournalGone } from '../journal-gone.ts'
import { SYSTEM } from '../moves.ts'
import { type ChildSpec, childSpecOf, isOpen } from './child.ts'
import { type StartDeps, startChild } from './start.ts'
import { useOf } from './use.ts'

/** Starts the children of runs, tells parents how these ended, and ends children whose parents have. */
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
  /** Its parent ends without it. */
  isUnwanted: boolean
}

const RETRY_MS = 1_000
const UNENDED = RunState.options.filter((state) => !isTerminal(state))

export function createChildren(deps: ChildrenDeps): Children {
  const { journal, clock, log } = deps
  const children = new Map<string, Child>()
  const byParent = new Map<string, Set<Child>>()
  let stopped = false

  const unsubscribe = journal.subscribe((entries) => {
    if (children.size > 0) for (const entry of entries) hear(entry)
  })

  function hear({ header: { run = '', kind, transition } }: Entry): void {
    const isEnd = transition !== undefined && isTerminal(transition.to)
    const child = isEnd ? children.get(run) : undefined
    if (child) attempt(child, () => tell(child, transition?.to ?? 'fail'))
    if (!isEnd && kind !== 'run.cancel_requested') return
    for (const one of byParent.get(run) ?? []) abandon(one)
  }

  function abandon(child: Child): void {
    if (child.isUnwanted) return
    child.isUnwanted = true
    attempt(child, () => care(child))
  }

  /** From the child's record to what has to be done about it. */
  async function care(child: Child): Promise<void> {
    const { spec } = child
    const state = await stateOf(spec.runId)
    if (state && isTerminal(state)) return tell(child, state)
    if (state) return child.isUnwanted ? cancel(spec) : undefined
    if (child.isUnwanted) return tell(child, 'cancelled')
    const refused = await startChild(deps, spec)
    if (refused) return tell(child, 'fail', refused)
    if (child.isUnwanted) return cancel(spec)
  }

  const stateOf = async (run: string): Promise<RunState | undefined> => (await journal.states([run])).get(run)

  const cancel = async ({ runId, caller, parent }: ChildSpec): Promise<void> => {
    const who = { id: SYSTEM, tenant: caller.tenant }
    await controlRun(journal, who, runId, controls.cancel(`its parent ${parent.run} goes on without it`))
  }

  async function tell({ spec }: Child, state: RunState, error?: Failure): Promise<void> {
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
    forget(runId)
  }

  function forget(runId: string): void {
    const child = children.get(runId)
    if (!child) return
    const { run } = child.spec.parent
    children.delete(runId)
    byParent.get(run)?.delete(child)
    if (byParent.get(run)?.size === 0) byParent.delete(run)
  }

  /** Tries again until it is done, or there is nothing to do: whoever had to be told has ended. */
  function attempt(child: Child, work: () => Promise<void>): void {
    const { runId } = child.spec
    if (stopped || children.get(runId) !== child) return
    work().catch((thrown) => {
      const error: AzoraError = toAzoraError(thrown)
      if (stopped || isJournalGone(error)) return
      // Either the child ended meanwhile, which is heard, or its parent has.
      if (error.code === 'illegal_transition') return child.isUnwanted ? forget(runId) : undefined
      log.warn({ err: error, run: runId }, 'a child of a run could not be taken care of; it is tried again')
      clock.after(error.retryAfterMs ?? RETRY_MS, () => attempt(child, () => care(child)))
    })
  }

  return {
    watch(fold) {
      if (stopped) return
      for (const step of fold.steps.values()) {
        const spec = isOpen(step) ? childSpecOf(fold, step) : undefined
        if (!spec || children.has(spec.runId)) continue
        const child = { spec, isUnwanted: fold.cancelRequested && !fold.ending }
        const { run } = spec.parent
        children.set(spec.runId, child)
        byParent.set(run, (byParent.get(run) ?? new Set()).add(child))
        attempt(child, () => care(child))
      }
    },
    adopt({ spec: { runId, tenant, parent } }) {
      if (!parent || stopped || children.has(runId)) return
      const look = async (): Promise<void> => {
        const above = await stateOf(parent.run)
        if (!above || !isTerminal(above)) return
        await controlRun(journal, { id: SYSTEM, tenant }, runId, controls.cancel(`its parent ${parent.run} has ended`))
      }
      look().catch((thrown) => {
        const error = toAzoraError(thrown)
        if (error.code !== 'illegal_transition') log.warn({ err: error, run: runId }, 'a parent could not be looked at')
      })
    },
    stop() {
      stopped = true
      unsubscribe()
    },
  }
}
