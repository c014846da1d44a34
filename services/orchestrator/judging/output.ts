import type { EntryPayload, Failure } from '@azora/contracts'
import type { OutputRequest } from '@azora/law'
import { digestOf } from '@azora/proof'
import type { ReviewAsked } from '../driving/asking.ts'
import { approvalFor } from '../fold/review-fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { Gate } from '../ports.ts'
import { sourcesOf } from './sources.ts'

/** Stands where a review names its step. */
export const OUTPUT_STEP = 'output'

/** What becomes of the final output. */
export type OutputRuling =
  | { validated: EntryPayload<'run.validated'> }
  /** People have to decide about it. */
  | { ask: ReviewAsked }
  | { fail: Failure }

/** What the gate is asked about the final output. */
export function outputRequestOf(fold: RunFold): OutputRequest {
  const { tenant, runId, owner } = fold.spec
  return { runId, tenant, principal: owner, outputs: fold.concluded?.outputs ?? null, sources: sourcesOf(fold) }
}

/** Asks the constitution about the final output, and heeds what people said of it. */
export function ruleOnOutput(gate: Pick<Gate, 'verifyOutput'>, fold: RunFold, nowMs: number): OutputRuling {
  const { runId } = fold.spec
  const request = outputRequestOf(fold)
  const { outputs } = request
  const result = gate.verifyOutput(request)
  if (result.verdict === 'allow') return { validated: { result, outputs } }
  const why = result.reasons.map((reason) => `Article ${reason.article}: ${reason.message}`).join('; ')
  // What was not reached fails anyway, so nobody is asked about its output.
  if (result.verdict === 'deny' || fold.concluded?.goal !== 'reached')
    return failed('output_denied', `the constitution did not allow the final output: ${why}`)
  const review = fold.outputReview
  const digest = digestOf({ runId, outputs })
  const reviewId = approvalFor(review, digest, nowMs)
  if (reviewId) return { validated: { result: { ...result, verdict: 'allow' }, outputs, reviewId } }
  if (review?.decision === 'deny') return failed('output_denied', `people denied the final output in a review: ${why}`)
  if (review?.decision === 'expired')
    return failed('review_expired', `nobody decided about the final output in time: ${why}`)
  const { reasons, review: terms } = result
  return { ask: { cause: 'output', actionDigest: digest, reasons, ...(terms && { terms }) } }
}

/** Why a run whose output was allowed fails all the same; undefined when it succeeds. */
export const missedGoal = ({ concluded }: RunFold): Failure | undefined =>
  concluded?.goal === 'reached'
    ? undefined
    : { code: 'goal_missed', message: concluded?.summary ?? 'the goal was not reached' }

const failed = (code: string, message: string): OutputRuling => ({ fail: { code, message } })
