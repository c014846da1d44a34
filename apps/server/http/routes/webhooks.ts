import { operations } from '@azora/contracts'
import type { Webhooks } from '@azora/webhooks'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, get, create, update, pause, resume, rotate, remove, deliveries, replay, test } = operations.webhooks

/** Receivers that are told what happens. */
export function webhookRoutes(app: App, webhooks: Webhooks): void {
  serve(app, list, async ({ principal }) => ({ items: await webhooks.list(principal.tenant) }))
  serve(app, get, async ({ principal, params }) => webhooks.get(principal.tenant, params.name))
  serve(app, create, async ({ principal, body }) => webhooks.create(principal, body))
  serve(app, update, async ({ principal, params, body }) => webhooks.update(principal, params.name, body))
  serve(app, pause, async ({ principal, params }) => webhooks.pause(principal, params.name))
  serve(app, resume, async ({ principal, params }) => webhooks.resume(principal, params.name))
  serve(app, rotate, async ({ principal, params, body }) => webhooks.rotate(principal, params.name, body))
  serve(app, remove, async ({ principal, params }) => {
    await webhooks.remove(principal, params.name)
    return null
  })
  serve(app, deliveries, async ({ principal, params, query }) => ({
    items: await webhooks.deliveries(principal.tenant, params.name, query),
  }))
  serve(app, replay, async ({ principal, params, body }) => webhooks.replay(principal, params.name, body))
  serve(app, test, async ({ principal, params }) => webhooks.test(principal, params.name))
}
