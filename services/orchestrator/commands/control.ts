import { AzoraError, toAzoraError } from '@azora/base'
import {
  type Entry,
  type EntryKind,
  type EntryPayload,
  isTerminal,
  mayFollow,
  type NewUseLimits,
  type RunAccepted,
  RunState,
} from '@azora/contracts'
import type { Draft, Journal, TenantRuns } from '@azora/journal'
import { goesOnIn } from '../deciding/going-on.ts'
import { foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { Caller } from './schedule.ts'

/** Reads a run of the caller's tenant. Throws `run_not_found`, also for another tenant's run. */
export async function readRun(journal: TenantRuns, caller: Caller, runId: string): Promise<RunFold> {
  const fold = foldRun(await readEntries(journal, caller, runId))
  if (fold) return fold
  throw noRun(runId)
}

/** The entries of a run of the caller's tenant. Throws `run_not_found`, also for another tenant's run. */
export async function readEntries(journal: TenantRuns, caller: Caller, runId: string): Promise<Entry[]> {
  const entries = await journal.within(caller.tenant).readRun(runId)
  if (entries[0]?.header.tenant === caller.tenant) return entries
  throw noRun(runId)
}

const noRun = (runId: string): AzoraError =>
  new AzoraError('missing', 'run_not_found', `there is no run ${runId}`, { remedy: 'List the runs: azora run list' })

type ControlKind = Extract<EntryKind, 'run.paused' | 'run.resumed' | 'run.cancel_requested'>

interface Command<K extends ControlKind = ControlKind> {
  kind: K
  payload: EntryPayload<K>
  to?: (fold: RunFold) => RunState | undefined
}

const WHAT: Record<ControlKind, string> = {
  'run.paused': 'paused',
  'run.resumed': 'resumed',
  'run.cancel_requested': 'cancelled',
}

/** What people may do to a run while it goes on. Each is an entry; the engine acts on the entry. */
export const controls = {
  pause: (reason?: string): Command => ({ kind: 'run.paused', payload: reason ? { reason } : {}, to: () => 'paused' }),
  /** @param budget what the run may use altogether, where it has a budget of its own */
  resume: (budget?: NewUseLimits): Command => ({
    kind: 'run.resumed',
    payload: budget ? { budget } : {},
    to(fold) {
      const { spec, state, pause } = fold
      if (state !== 'paused') return undefined
      if (budget && !fold.own) throw withoutBudget(spec.runId)
      if (pause?.parent === undefined) return goesOnIn(fold)
      const message = `run ${spec.runId} is paused as long as its parent ${pause.parent} is`
      throw conflict(spec.runId, message, `Resume its parent: azora run resume ${pause.parent}`)
    },
  }),
  pauseWith: (parent: string, reason: string): Command => ({
    kind: 'run.paused',
    payload: { reason, parent },
    to: () => 'paused',
  }),
  /** Goes on unless it was paused for another reason. */
  resumeWith: (parent: string): Command => ({
    kind: 'run.resumed',
    payload: { parent },
    to: (fold) => (fold.state === 'paused' && fold.pause?.parent === parent ? goesOnIn(fold) : fold.state),
  }),
  cancel: (reason?: string): Command => ({ kind: 'run.cancel_requested', payload: reason ? { reason } : {} }),
}

/** What has ended can't be cancelled any more, also when it ends at the same moment. */
const UNENDED = RunState.options.filter((state) => !isTerminal(state))

/** Times that a command is tried on a run that moves at the same time. */
const TRIES = 5

export async function controlRun(
  journal: Pick<Journal, 'append'> & TenantRuns,
  caller: Caller,
  runId: string,
  command: Command,
): Promise<RunAccepted> {
  for (let tries = 1; ; tries += 1) {
    const fold = await readRun(journal, caller, runId)
    const draft = draftOf(fold, caller, command)
    try {
      if (draft) await journal.append(draft)
      return { runId, state: draft?.transition?.to ?? fold.state }
    } catch (thrown) {
      if (toAzoraError(thrown).code !== 'illegal_transition' || tries >= TRIES) throw thrown
    }
  }
}

/** The entry by which the command changes the run as it is; undefined when it has nothing to change. */
function draftOf(fold: RunFold, caller: Caller, { kind, payload, to: target }: Command): Draft | undefined {
  const { spec, state } = fold
  const { runId } = spec
  const common = { tenant: caller.tenant, actor: caller.id, run: runId }
  if (fold.finishedAt) throw conflict(runId, `run ${runId} has ended (${state}), so it can't be ${WHAT[kind]}`)
  if (!target)
    return fold.cancel ? undefined : ({ ...common, kind, payload, key: `cancel:${runId}`, standing: UNENDED } as Draft)
  const to = target(fold)
  // Once people pause it too, it doesn't go on with its parent.
  if (to === state && fold.pause?.parent !== undefined && kind === 'run.paused' && !('parent' in payload))
    return { ...common, kind, payload, standing: ['paused'] } as Draft
  if (to === state) return undefined
  if (!to || !mayFollow(state, to)) throw conflict(runId, `run ${runId} is ${state}, so it can't be ${WHAT[kind]}`)
  return { ...common, kind, payload, transition: { from: state, to } } as Draft
}

const withoutBudget = (runId: string): AzoraError =>
  new AzoraError('conflict', 'run_without_budget', `run ${runId} has no budget of time, tokens or money to be set`, {
    remedy: 'Resume it without one; budgets of its agent and tenant are set with azora limits set.',
  })

const conflict = (runId: string, message: string, remedy = `Look at it again: azora run show ${runId}`): AzoraError =>
  new AzoraError('conflict', 'illegal_transition', message, { remedy })
