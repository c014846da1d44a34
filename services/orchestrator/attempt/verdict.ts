import type { Action, VerificationResult } from '@azora/contracts'
import { reachedBy, reachedText } from '../budgets/reached.ts'
import { type Room, roomFor } from '../budgets/reserve.ts'
import { SYSTEM, UNPAUSED } from '../driving/moves.ts'
import { releaseClaim } from '../fold/batch.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { approvedBy, contextFor } from '../judging/propose.ts'
import type { Gate, Slot } from '../ports.ts'
import { type AttemptDeps, common } from './deps.ts'
import { isBarer, permitOn, placeFor, shardOf } from './place.ts'

/** Judges an action and puts the verdict on record; undefined where it has to be judged again later. */
export async function verify(
  deps: AttemptDeps,
  fold: RunFold,
  step: StepFold,
  action: Action,
  actionDigest: string,
  signal: AbortSignal,
) {
  const context = contextFor(deps.registry, fold, step, deps.performer.isolation(shardOf(fold)))
  const judged = deps.gate.verify({ action, ...context })
  const approval = () =>
    judged.verdict === 'review'
      ? approvedBy(fold, step, action, { result: judged, context }, deps.clock.now())
      : undefined
  const review = approval()
  const result: VerificationResult = review ? { ...judged, verdict: 'allow' } : judged
  const room = result.verdict === 'allow' ? await roomIn(deps, fold, action, signal) : undefined
  if (room === 'none') {
    releaseClaim(fold.batches, step.step.id)
    return undefined
  }
  try {
    return await record(room)
  } finally {
    room?.release()
  }

  async function record(kept?: Room) {
    // A permission is short-lived and good for one life of one node: it is given when that node holds a place for it.
    let slot: Slot | undefined
    if (result.verdict === 'allow') {
      step.reserved = action.resources.spend ?? []
      step.placeless = true
      slot = await placeFor(deps, fold, action, signal).finally(() => {
        delete step.placeless
      })
      // While it waited for a place, another law may have come into force, the time to use an approval may have passed, a
      // node without isolation may have come of which the verdict knows nothing, or people may have lowered a budget.
      const isAsJudged = (on: Slot): boolean =>
        !isStale(deps.gate, judged) && !isBarer(on, context) && approval() === review
      if (!slot || !isAsJudged(slot) || !kept?.confirm()) {
        slot?.release()
        delete step.reserved
        releaseClaim(fold.batches, step.step.id)
        return undefined
      }
    }
    const payload = {
      action,
      result,
      judged: context,
      ...(slot && { permission: permitOn(slot, actionDigest, deps.clock) }),
      ...(review && { reviewId: review }),
      ...(slot && kept?.share && { share: kept.share }),
    }
    try {
      const standing = slot && UNPAUSED
      const draft = { ...common(fold), kind: 'action.verified' as const, payload, ...(standing && { standing }) }
      const committed = await deps.append(draft)
      if (!slot || !isStale(deps.gate, judged)) return { result, committed, slot }
      // The law changed before the verdict was on record: nothing is done by it, and the step is judged again.
      slot.release()
      return { result, committed, slot: undefined }
    } catch (thrown) {
      slot?.release()
      throw thrown
    }
  }
}

/** Room in the budgets. Where there is none people are asked, or the run fails, as is declared; to undo is never given up. */
async function roomIn(deps: AttemptDeps, fold: RunFold, action: Action, signal: AbortSignal): Promise<Room | 'none'> {
  const room = await roomFor(deps, fold, action, signal)
  if (room === 'crowded') return 'none'
  if (!('reached' in room)) return room
  const { reached } = room
  if (fold.ending || reached.onReached === 'ask') await deps.pause(reachedText(reached), reached.of)
  else {
    const payload = reachedBy(action, reached)
    await deps.append({ ...common(fold), actor: SYSTEM, kind: 'budget.reached', payload, standing: UNPAUSED })
  }
  return 'none'
}

/** True when the law that judged is no more in force. The gate follows the log, before an append resolves. */
const isStale = ({ digest }: Gate, { constitution }: VerificationResult): boolean => digest !== constitution
