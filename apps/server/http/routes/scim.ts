import { operations } from '@azora/contracts'
import type { Roles, Scim } from '@azora/identity'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'
import { requireLasting } from '../sign-in/lasting.ts'

const { status, token, revoke, map, unmap } = operations.scim

/** What the owner decides about provisioning. */
export function scimRoutes(app: App, { owner }: Pick<Scim, 'owner'>, roles: Pick<Roles, 'requireMayGive'>): void {
  serve(app, status, ({ principal }) => owner.status(principal))
  serve(app, token, async ({ principal, caller }, reply) => {
    requireLasting(caller)
    reply.header('cache-control', 'no-store')
    return owner.token(principal)
  })
  serve(app, revoke, async ({ principal }) => {
    await owner.revoke(principal)
    return null
  })
  serve(app, map, async ({ principal, body: { group, role } }) => {
    await roles.requireMayGive(principal, [role])
    return owner.map(principal, group, role)
  })
  serve(app, unmap, ({ principal, body: { group } }) => owner.unmap(principal, group))
}
