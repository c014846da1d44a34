import { z } from 'zod'
import { JsonObject } from '../json.ts'
import { Digest, Timestamp } from '../names.ts'
import { StepId } from '../plan.ts'
import { PrincipalId } from '../run.ts'
import { Reason, ReviewTerms } from '../verdict.ts'

/**
 * Why people are asked: the verdict on an action, an action of which nobody knows how it ended, the final output, or an
 * action that should have undone another one and didn't.
 */
export const ReviewCause = z.enum(['verdict', 'outcome_unknown', 'output', 'compensation'])
export type ReviewCause = z.infer<typeof ReviewCause>

export const ReviewDecision = z.enum(['approve', 'deny', 'amend'])
export type ReviewDecision = z.infer<typeof ReviewDecision>

/** What a person signs, as canonical JSON (RFC 8785), to decide a review. */
export const ReviewStatement = z.strictObject({
  type: z.literal('azora.review.v1'),
  reviewId: z.uuid(),
  /** The exact action that was seen. */
  actionDigest: Digest,
  decision: ReviewDecision,
  decider: PrincipalId,
  at: Timestamp,
  /** With `approve`: similar actions of the run that are approved beside it. */
  batch: z.int().min(1).max(1_000).exactOptional(),
  /** With `amend`: SHA-256 of the new input's canonical JSON. */
  inputDigest: Digest.exactOptional(),
  comment: z.string().max(2000).exactOptional(),
})
export type ReviewStatement = z.infer<typeof ReviewStatement>

/** A statement with who made it. */
export const SignedReview = z.strictObject({
  statement: ReviewStatement,
  /** Ed25519 (RFC 8032) over the statement's canonical JSON, in base64. */
  signature: z.string().max(100),
  /** Verifier key (C2SP signed-note `vkey`) of the person. */
  key: z.string().max(300),
})
export type SignedReview = z.infer<typeof SignedReview>

/** What people are asked, and what they decide. */
export const REVIEW_ENTRIES = {
  'review.requested': z.strictObject({
    reviewId: z.uuid(),
    stepId: StepId,
    cause: ReviewCause,
    actionDigest: Digest,
    reasons: z.array(Reason),
    terms: ReviewTerms.exactOptional(),
    expiresAt: Timestamp.exactOptional(),
  }),
  'review.decided': z.strictObject({
    reviewId: z.uuid(),
    stepId: StepId,
    actionDigest: Digest,
    decision: ReviewDecision,
    comment: z.string().max(2000).optional(),
    signed: SignedReview.exactOptional(),
    /** The arguments in place of the old ones. */
    input: JsonObject.exactOptional(),
  }),
  /** Nobody decided in time. */
  'review.expired': z.strictObject({ reviewId: z.uuid(), stepId: StepId, actionDigest: Digest }),
  /** The entry about a review at `index` reached a receiver. Nothing writes it: logs that hold it stay readable. */
  'review.notified': z.strictObject({ index: z.int().min(0), tries: z.int().min(1) }),
} as const satisfies Record<string, z.ZodType>
