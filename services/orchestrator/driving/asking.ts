import { randomUUID } from 'node:crypto'
import type { ReviewCause, ReviewTerms, VerificationResult } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { StepFold } from '../fold/step-fold.ts'

export interface ReviewAsked {
  cause: ReviewCause
  actionDigest: string
  reasons: VerificationResult['reasons']
  terms?: ReviewTerms
}

/** Appends `review.requested`, moving the run to `awaiting_review` unless it is there. */
export type RequestReview = (stepId: string, review: ReviewAsked) => Promise<void>

interface Asking {
  requestReview: RequestReview
}

/** Asks people about a step that was started, of which nobody knows how it ended. */
export async function parkStep({ requestReview }: Asking, step: StepFold): Promise<void> {
  if (!step.action) return
  await requestReview(step.step.id, {
    cause: 'outcome_unknown',
    actionDigest: digestOf(step.action),
    reasons: [],
  })
}

/** Asks people about a step that should have undone another one and didn't. */
export async function askToUndo({ requestReview }: Asking, { step, action }: StepFold): Promise<void> {
  const actionDigest = digestOf(action ?? step.input)
  await requestReview(step.id, { cause: 'compensation', actionDigest, reasons: [] })
}

/** Asks people again about a step whose review stands beside the run's state. The new review takes the old one's place. */
export async function askAgain({ requestReview }: Asking, { step, review, result }: StepFold): Promise<void> {
  if (!review) return
  const { cause, actionDigest, terms } = review
  await requestReview(step.id, { cause, actionDigest, reasons: result?.reasons ?? [], terms })
}

export const newReviewId = (): string => randomUUID()
