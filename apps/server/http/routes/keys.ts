import { operations } from '@azora/contracts'
import type { SignIn } from '@azora/identity'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { requireLasting } from '../sign-in/lasting.ts'

const { list, create, get, rotate, revoke } = operations.keys

/** API keys: shown once, when they are made. */
export function keyRoutes(app: App, { apiKeys }: Pick<SignIn, 'apiKeys'>): void {
  serve(app, list, async ({ principal }) => ({ items: await apiKeys.list(principal) }))
  serve(app, create, async ({ principal, caller, body }, reply) => {
    requireLasting(caller)
    reply.header('cache-control', 'no-store')
    return apiKeys.create(principal, body)
  })
  serve(app, get, ({ principal, params: { keyId } }) => apiKeys.get(principal, keyId))
  serve(app, rotate, async ({ principal, caller, params: { keyId }, body }, reply) => {
    requireLasting(caller)
    reply.header('cache-control', 'no-store')
    return apiKeys.rotate(principal, keyId, body)
  })
  serve(app, revoke, async ({ principal, params: { keyId } }) => {
    await apiKeys.revoke(principal, keyId)
    return null
  })
}
