import { operations } from '@azora/contracts'
import type { Secrets } from '@azora/secrets'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, get, put, rotate, revoke, remove, uses } = operations.secrets

/** Secrets: values come in and are never shown. */
export function secretRoutes(app: App, secrets: Secrets): void {
  serve(app, list, async ({ principal }) => ({ items: secrets.list(principal.tenant) }))
  serve(app, get, async ({ principal, params }) => secrets.get(principal.tenant, params.name))
  serve(app, put, async ({ principal, body }) => secrets.put(principal, body))
  serve(app, rotate, async ({ principal, params, body }) => secrets.rotate(principal, params.name, body))
  serve(app, revoke, async ({ principal, params }) => secrets.revoke(principal, params.name))
  serve(app, remove, async ({ principal, params }) => {
    await secrets.remove(principal, params.name)
    return null
  })
  serve(app, uses, async ({ principal, params }) => ({ items: await secrets.uses(principal.tenant, params.name) }))
}
