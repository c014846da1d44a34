import { operations } from '@azora/contracts'
import type { Orchestrator } from '@azora/orchestrator'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, get, decide } = operations.reviews

/** Reviews: what waits for people, and their decisions. */
export function reviewRoutes(app: App, orchestrator: Orchestrator): void {
  serve(app, list, async ({ principal, query }) => orchestrator.reviews(principal, query))
  serve(app, get, async ({ principal, params }) => orchestrator.review(principal, params.reviewId))
  serve(app, decide, async ({ principal, params, body }) => orchestrator.decide(principal, params.reviewId, body))
}
