import { z } from 'zod'
import { ReviewCause, SignedReview } from './entries/review.ts'
import { JsonObject } from './json.ts'
import { Name, RunId, Timestamp, Version } from './names.ts'
import { Page, PageQuery } from './page.ts'
import { Resources } from './resources.ts'
import { PrincipalId } from './run.ts'
import { Reason, ReviewTerms } from './verdict.ts'

/** A review that waits for people. */
export const ReviewView = z.strictObject({
  reviewId: z.uuid(),
  runId: RunId,
  /** `direct` for a run without an agent. */
  agentId: Name,
  stepId: z.string(),
  cause: ReviewCause,
  /** `run.output` for the final output of a run. */
  skill: Name,
  /** The exact arguments that will be executed, or the output that will be handed over. */
  input: JsonObject,
  actionDigest: z.string(),
  reasons: z.array(Reason),
  requestedAt: Timestamp,
  expiresAt: Timestamp.exactOptional(),
  /** Who proposed the action, and who changed its arguments since: they may not decide. */
  requesters: z.array(PrincipalId),
  runOwner: PrincipalId,
  skillVersion: Version,
  effects: z.array(z.string()),
  resources: Resources,
  terms: ReviewTerms.exactOptional(),
  approvedBy: z.array(PrincipalId),
  /** What would change, as a unified diff, where the action puts a text in the place of one that the run knows. */
  diff: z.string().exactOptional(),
  /** The run is paused: what is decided is on record, and holds when it is resumed. */
  paused: z.literal(true).exactOptional(),
})
export type ReviewView = z.infer<typeof ReviewView>

/** `GET /api/v1/reviews` */
export const ListReviewsQuery = z.strictObject({
  agentId: Name.optional(),
  runId: RunId.optional(),
  ...PageQuery.shape,
  /** `next` of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})
export const ReviewPage = Page(ReviewView)

/** `POST /api/v1/reviews/{reviewId}`; the statement says which arguments the person saw. */
export const ReviewRequest = SignedReview.extend({
  /** With the decision `amend`: the arguments in place of the old ones, as a new action. */
  input: JsonObject.exactOptional(),
})
export type ReviewRequest = z.infer<typeof ReviewRequest>
