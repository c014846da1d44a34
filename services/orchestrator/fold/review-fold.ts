import type { Entry, ReviewTerms } from '@azora/contracts'
import { type Batch, batchOf } from './batch.ts'
import type { ReviewFold, StepFold } from './step-fold.ts'

/** Terms of a review about which no verdict said anything. */
export const PLAIN_TERMS: ReviewTerms = { quorum: 1, expiresMinutes: 1_440, useWithinMinutes: 60, batchMax: 1 }

export function reviewOf({ header, payload }: Entry<'review.requested'>): ReviewFold {
  const { reviewId, cause, actionDigest, reasons, terms = PLAIN_TERMS, expiresAt } = payload
  return {
    reviewId,
    cause,
    actionDigest,
    reasons,
    requestedAt: header.at,
    terms,
    approvals: [],
    ...(expiresAt && { expiresAt }),
  }
}

/** Takes in one person's decision; once the review is decided others change nothing. */
export function applyDecision(
  { batches }: { batches: Batch[] },
  step: StepFold,
  { header, payload }: Entry<'review.decided'>,
): void {
  const { review } = step
  if (review?.reviewId !== payload.reviewId || review.decision) return
  if (payload.decision === 'amend') {
    amend(step, header.actor, payload)
    return
  }
  takeVote(review, { header, payload })
  if (review.decision === undefined) return
  step.refusals = 0
  if (review.cause === 'compensation') settleUndoing(step, review.decision)
  const batch = review.decision === 'approve' ? batchOf(step, review, header.at) : undefined
  if (batch) batches.push(batch)
}

/** People let it be tried again, or leave what should have been undone as it is. */
function settleUndoing(step: StepFold, decision: ReviewFold['decision']): void {
  if (decision === 'deny') step.waived = true
  if (decision !== 'approve') return
  for (const gone of ['outcome', 'invalid', 'result', 'permission', 'review', 'failures', 'retry'] as const)
    delete step[gone]
  step.settled = step.verifications
  step.started = false
}

/** Counts one person's approval or denial. */
export function takeVote(
  review: ReviewFold,
  { header, payload }: Pick<Entry<'review.decided'>, 'header' | 'payload'>,
): void {
  if (review.decision || payload.decision === 'amend') return
  if (payload.decision === 'deny') review.decision = 'deny'
  else {
    review.approvals.push({ by: header.actor, batch: payload.signed?.statement.batch ?? 0 })
    if (review.approvals.length < review.terms.quorum) return
    review.decision = 'approve'
  }
  review.decidedAt = header.at
}

/** Other arguments are another action: nothing that was said of the old one holds for it. */
function amend(step: StepFold, by: string, { input }: Entry<'review.decided'>['payload']): void {
  // What was started with the old arguments can't be taken back.
  if (!input || step.review?.cause !== 'verdict') return
  step.amended = { input, by: [...(step.amended?.by ?? []), by] }
  delete step.review
  delete step.result
  delete step.permission
  step.started = false
}

/** The review in which people allowed exactly this, as long as their word holds. */
export function approvalFor(review: ReviewFold | undefined, digest: string, nowMs: number): string | undefined {
  if (review?.decision !== 'approve' || review.cause === 'outcome_unknown' || review.actionDigest !== digest) return
  const usedBy = Date.parse(review.decidedAt ?? '') + review.terms.useWithinMinutes * 60_000
  return nowMs < usedBy ? review.reviewId : undefined
}

/** True for a review that ends because nobody decided in time. */
export const isOverdue = (review: ReviewFold | undefined, nowMs: number): boolean =>
  review?.decision === undefined && review?.expiresAt !== undefined && nowMs >= Date.parse(review.expiresAt)
