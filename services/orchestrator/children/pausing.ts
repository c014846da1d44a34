import { toAzoraError } from '@azora/base'
import { type Entry, isErased, mayFollow, type RunState } from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import { controlRun, controls } from '../commands/control.ts'
import { SYSTEM } from '../driving/moves.ts'
import { isKind } from '../fold/about-step.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { ChildSpec } from './child.ts'

/** That people paused a run, and why. */
export interface Pause {
  reason?: string | undefined
}

/** A pause that goes down to the run's children. What they may use is reserved for them, so a budget stops the run alone. */
const goesDown = ({ budget, reason }: NonNullable<RunFold['pause']>): Pause | undefined =>
  budget === undefined ? { reason } : undefined

export const pauseOf = ({ state, pause = {} }: Pick<RunFold, 'state' | 'pause'>): Pause | undefined =>
  state === 'paused' ? goesDown(pause) : undefined

/** What an entry that pauses or resumes a run makes of it. */
export const pauseIn = (entry: Entry): Pause | undefined =>
  !isErased(entry) && isKind(entry, 'run.paused') ? goesDown(entry.payload) : undefined

const REASON_MAX = 500

/** Lets a child stand where its parent does, as far as its state allows; where it doesn't, nothing begins in it. */
export async function pauseOrResume(
  journal: Pick<Journal, 'append'> & TenantRuns,
  { runId, caller, parent }: ChildSpec,
  state: RunState,
  pause: Pause | undefined,
): Promise<void> {
  if (pause ? !mayFollow(state, 'paused') : state !== 'paused') return
  const reason = `its parent ${parent.run} is paused${pause?.reason ? `: ${pause.reason}` : ''}`.slice(0, REASON_MAX)
  const command = pause ? controls.pauseWith(parent.run, reason) : controls.resumeWith(parent.run)
  try {
    await controlRun(journal, { id: SYSTEM, tenant: caller.tenant }, runId, command)
  } catch (thrown) {
    // It moved, which is heard: it is looked at again.
    if (toAzoraError(thrown).code !== 'illegal_transition') throw thrown
  }
}
