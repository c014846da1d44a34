import type { Action, ReviewCause, ReviewTerms } from '@azora/contracts'
import type { Told } from '../story.ts'

/** What a review says when the verdict that asks for it says nothing of its terms. */
const PLAIN_TERMS: ReviewTerms = { quorum: 1, expiresMinutes: 1_440, useWithinMinutes: 60, batchMax: 1 }

/** A review as the entries so far tell it. */
export interface ReviewState {
  reviewId: string
  stepId: string
  cause: ReviewCause
  actionDigest: string
  terms: ReviewTerms
  expiresAt?: string
  /** Who may not decide: who proposed the action, and who changed its arguments. */
  requesters: readonly string[]
  /** The action that people saw; absent for the final output. */
  action?: Action
  /** Rules that people knew of. */
  rules: readonly string[]
  approvals: Array<{ by: string; batch: number }>
  ended?: 'approve' | 'deny' | 'amend' | 'expired'
  decidedAt?: string
  /** Other actions that it covered. */
  batchUses: number
}

export function openReview(
  { payload }: Told<'review.requested'>,
  about: Pick<ReviewState, 'requesters'> & { action?: Action | undefined },
): ReviewState {
  const { reviewId, stepId, cause, actionDigest, terms = PLAIN_TERMS, expiresAt, reasons } = payload
  return {
    reviewId,
    stepId,
    cause,
    actionDigest,
    terms,
    requesters: about.requesters,
    ...(about.action && { action: about.action }),
    ...(expiresAt !== undefined && { expiresAt }),
    rules: reasons.map(({ rule }) => rule),
    approvals: [],
    batchUses: 0,
  }
}

/** Takes in one person's decision. */
export function takeDecision(review: ReviewState, { header, payload }: Told<'review.decided'>): void {
  if (payload.decision === 'approve') {
    review.approvals.push({ by: header.actor, batch: payload.signed?.statement.batch ?? 0 })
    if (review.approvals.length < review.terms.quorum) return
  }
  review.ended = payload.decision
  review.decidedAt = header.at
}

/** How many similar actions the people who approved agreed on. */
export const batchOf = ({ approvals, terms }: ReviewState): number =>
  Math.min(terms.batchMax, ...approvals.map(({ batch }) => batch))
