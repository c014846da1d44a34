import { ReviewRequest, ReviewView, RunAccepted } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import { z } from 'zod'
import type { App } from '../app.ts'

/** Reviews: what waits for people, and their decisions. */
export function reviewRoutes(app: App, orchestrator: Orchestrator): void {
  app.route({
    method: 'GET',
    url: '/api/v1/reviews',
    config: { access: ['owner', 'reviewer'] },
    schema: { summary: 'Reviews that wait', response: { 200: z.strictObject({ items: z.array(ReviewView) }) } },
    handler: async ({ principal }) => ({ items: await orchestrator.reviews(principal) }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/reviews/:reviewId',
    config: { access: ['owner', 'reviewer'] },
    schema: {
      summary: 'Approve or deny exactly the arguments of the digest',
      params: z.strictObject({ reviewId: z.uuid() }),
      body: ReviewRequest,
      response: { 200: RunAccepted },
    },
    handler: async ({ principal, params, body }) => orchestrator.decide(principal, params.reviewId, body),
  })
}
