import { z } from 'zod'
import { ReviewRequest, ReviewView, RunAccepted } from '../api.ts'
import { operation } from './operation.ts'

export const reviews = {
  list: operation({
    method: 'GET',
    path: '/api/v1/reviews',
    summary: 'Reviews that wait',
    permission: 'review.read',
    scope: 'tenant',
    forSomeRuns: true,
    responses: { 200: z.strictObject({ items: z.array(ReviewView) }) },
  }),
  decide: operation({
    method: 'POST',
    path: '/api/v1/reviews/{reviewId}',
    summary: 'Approve or deny exactly the arguments of the digest',
    permission: 'review.decide',
    scope: 'tenant',
    forSomeRuns: true,
    params: z.strictObject({ reviewId: z.uuid() }),
    body: ReviewRequest,
    problems: [
      'review_not_found',
      'review_decided',
      'review_expired',
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
