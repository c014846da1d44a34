import { z } from 'zod'
import { RunAccepted } from '../orchestrate.ts'
import { ListReviewsQuery, ReviewPage, ReviewRequest, ReviewView } from '../review-view.ts'
import { operation } from './operation.ts'

const ReviewParams = z.strictObject({ reviewId: z.uuid() })

export const reviews = {
  list: operation({
    method: 'GET',
    path: '/api/v1/reviews',
    summary: 'Reviews that wait, in the order in which they were asked for, page by page',
    permission: 'review.read',
    scope: 'tenant',
    forSomeRuns: true,
    query: ListReviewsQuery,
    responses: { 200: ReviewPage },
  }),
  get: operation({
    method: 'GET',
    path: '/api/v1/reviews/{reviewId}',
    summary: 'One review that waits',
    permission: 'review.read',
    scope: 'tenant',
    forSomeRuns: true,
    params: ReviewParams,
    problems: ['review_not_found', 'payload_unreadable', 'payload_key_missing'],
    responses: { 200: ReviewView },
  }),
  decide: operation({
    method: 'POST',
    path: '/api/v1/reviews/{reviewId}',
    summary: 'Approve or deny exactly the arguments of the digest',
    permission: 'review.decide',
    scope: 'tenant',
    forSomeRuns: true,
    params: ReviewParams,
    body: ReviewRequest,
    problems: [
      'review_not_found',
      'review_decided',
      'review_expired',
      'run_ended',
      'review_of_other_arguments',
      'approved_before',
      'not_permitted_to_decide',
      'signature_invalid',
      'batch_too_large',
      'amendment_invalid',
      'invalid_input',
      'invalid_resource',
      'invalid_secret',
      'illegal_transition',
    ],
    responses: { 200: RunAccepted },
  }),
}
