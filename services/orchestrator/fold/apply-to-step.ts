import type { Entry } from '@azora/contracts'
import { isKind, stepIdOf } from './about-step.ts'
import { endAttempt, refuseAttempt, startAttempt, takeVerdict } from './attempt-fold.ts'
import { reviveStep } from './plan-fold.ts'
import { applyDecision, reviewOf, takeVote } from './review-fold.ts'
import type { RunFold } from './run-fold.ts'
import type { StepFold } from './step-fold.ts'
import { outcomeOfWait, waitOf } from './wait-fold.ts'

/** Takes in an entry about one of the run's steps. */
export function applyToStep(fold: RunFold, entry: Entry): void {
  if (applyToOutput(fold, entry)) return
  const step = fold.steps.get(stepIdOf(entry) ?? '') ?? reviveStep(fold, entry)
  if (!step) return
  if (isKind(entry, 'action.verified')) takeVerdict(fold, step, entry.payload)
  else if (isKind(entry, 'action.invalid')) step.invalid = entry.payload.error
  else if (isKind(entry, 'action.started')) startAttempt(step, entry)
  else if (isKind(entry, 'action.finished')) endAttempt(step, entry)
  else if (isKind(entry, 'action.refused')) refuseAttempt(step, entry.payload)
  else if (isKind(entry, 'child.ended')) step.child = entry.payload
  else if (isKind(entry, 'wait.begun')) step.wait = waitOf(entry)
  else if (isKind(entry, 'wait.ended')) endWait(fold, step, entry)
  else if (isKind(entry, 'review.requested')) step.review = reviewOf(entry)
  else if (isKind(entry, 'review.decided')) applyDecision(fold, step, entry)
  else if (isKind(entry, 'review.expired') && step.review?.reviewId === entry.payload.reviewId) {
    step.review.decision ??= 'expired'
  }
}

/** True for an entry about the review of the final output, which is no step's. */
function applyToOutput(fold: RunFold, entry: Entry): boolean {
  if (isKind(entry, 'review.requested') && entry.payload.cause === 'output') {
    fold.outputReview = reviewOf(entry)
    return true
  }
  const review = fold.outputReview
  if (!review || !('reviewId' in entry.payload) || entry.payload.reviewId !== review.reviewId) return false
  if (isKind(entry, 'review.decided')) takeVote(review, entry)
  if (isKind(entry, 'review.expired')) review.decision ??= 'expired'
  return true
}

function endWait(fold: RunFold, step: StepFold, { header, payload }: Entry<'wait.ended'>): void {
  const signal = fold.signals.find(({ index }) => index === payload.signal)
  if (signal) fold.signals = fold.signals.filter((other) => other !== signal)
  step.outcome = outcomeOfWait(step.wait, signal, payload, header)
}
