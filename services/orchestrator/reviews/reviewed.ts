import type { Effect, Reason } from '@azora/contracts'
import type { RunFold } from '../fold/run-fold.ts'
import type { ReviewFold, StepFold } from '../fold/step-fold.ts'
import { stateOf } from '../fold/step-state.ts'
import { proposerOf } from '../judging/action.ts'
import { OUTPUT_STEP } from '../judging/output.ts'
import { requestersOf } from './requesters.ts'

/** What people are asked about: the action of a step, or the final output of the run. */
export interface Reviewed {
  review: ReviewFold
  stepId: string
  /** Absent for the output. */
  step?: StepFold
  requesters: string[]
  effects: readonly Effect[]
  reasons: readonly Reason[]
}

/** Undefined when the run has no such review. */
export function reviewedIn(fold: RunFold, reviewId: string): Reviewed | undefined {
  const { outputReview, spec } = fold
  if (outputReview?.reviewId === reviewId) {
    const requesters = [proposerOf(spec)]
    return { review: outputReview, stepId: OUTPUT_STEP, requesters, effects: [], reasons: outputReview.reasons }
  }
  const step = [...fold.steps.values()].find(({ review }) => review?.reviewId === reviewId)
  if (!step?.review) return undefined
  return {
    review: step.review,
    stepId: step.step.id,
    step,
    requesters: requestersOf(step),
    effects: step.action?.effects ?? [],
    reasons: step.review.reasons,
  }
}

/** True when people have to decide about anything but this review. */
export function othersWait({ steps, outputReview }: RunFold, { reviewId }: ReviewFold): boolean {
  const output = outputReview !== undefined && outputReview.reviewId !== reviewId && outputReview.decision === undefined
  return (
    output ||
    [...steps.values()].some((step) => step.review?.reviewId !== reviewId && stateOf(step) === 'awaiting_review')
  )
}
