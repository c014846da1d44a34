import type { EntryPayload } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { PLAIN_TERMS } from '../../fold/review-fold.ts'
import type { StepFold } from '../../fold/step-fold.ts'
import { OUTPUT_STEP, ruleOnOutput } from '../../judging/output.ts'
import { type Check, compared } from '../check.ts'
import { lawAt } from './law.ts'
import { openMove } from './move.ts'
import type { Checker, Scene } from './scene.ts'

export const checkRequested: Checker<'review.requested'> = async (scene, { header, payload }) => {
  const { stepId, cause } = payload
  if (cause === 'output') return outputAsked(scene, header.at, payload)
  const step = scene.past.fold.steps.get(stepId)
  const message = 'people are asked about something else'
  const about = { kind: 'transition' as const, step: stepId, message }
  const same = compared(about, askedIn(payload), step ? asks(step, payload) : null)
  const waits = step?.review !== undefined && step.review.decision === undefined
  // It follows a verdict at once, without another decision.
  if (cause === 'verdict' && !waits) return [same]
  return [same, openMove(scene, 'review.requested', `park ${stepId}`, `ask ${stepId}`, `askToUndo ${stepId}`)]
}

/** What is asked, apart from the number of the review and its time. */
const askedIn = ({ cause, actionDigest, reasons, terms }: EntryPayload<'review.requested'>) => ({
  cause,
  actionDigest,
  reasons,
  ...(terms && { terms }),
})

/** What people are asked about a step as it stands. */
function asks(
  { step, action, result, review, compensates }: StepFold,
  { cause, terms }: EntryPayload<'review.requested'>,
): unknown {
  if (cause === 'compensation' && compensates !== undefined)
    return { cause, actionDigest: digestOf(action ?? step.input), reasons: [], ...(terms && { terms: PLAIN_TERMS }) }
  if (!action) return null
  const actionDigest = digestOf(action)
  if (review && review.decision === undefined)
    return {
      cause: review.cause,
      actionDigest: review.actionDigest,
      reasons: result?.reasons ?? [],
      terms: review.terms,
    }
  if (cause === 'outcome_unknown') return { cause, actionDigest, reasons: [], ...(terms && { terms: PLAIN_TERMS }) }
  if (result?.verdict !== 'review') return null
  return { cause, actionDigest, reasons: result.reasons, ...(result.review && { terms: result.review }) }
}

async function outputAsked(scene: Scene, at: string, payload: EntryPayload<'review.requested'>): Promise<Check[]> {
  const about = { kind: 'output' as const }
  const move = openMove(scene, 'review.requested', 'validate')
  const law = await lawAt(scene.laws, at, about)
  if ('missing' in law) return [law.missing, move]
  const ruling = ruleOnOutput(law.gate, scene.past.fold, Date.parse(at))
  const message = 'the ruling on the final output is another one'
  return [compared({ ...about, message }, { ask: askedIn(payload) }, ruling), move]
}

export const checkExpired: Checker<'review.expired'> = (scene, { payload }) => {
  const { stepId, reviewId, actionDigest } = payload
  const { fold } = scene.past
  const review = stepId === OUTPUT_STEP && fold.outputReview ? fold.outputReview : fold.steps.get(stepId)?.review
  const message = 'another review ends'
  return [
    compared(
      { kind: 'transition', step: stepId, message },
      { reviewId, actionDigest },
      review ? { reviewId: review.reviewId, actionDigest: review.actionDigest } : null,
    ),
    openMove(scene, 'review.expired', stepId === OUTPUT_STEP ? 'expireOutput' : `expire ${stepId}`, `expire ${stepId}`),
  ]
}
