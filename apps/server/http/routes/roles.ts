import { operations } from '@azora/contracts'
import type { Roles } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, get, create, remove } = operations.roles

/** What people and services may be made. Each change is on record before it holds. */
export function roleRoutes(app: App, { roles, journal }: { roles: Roles; journal: Pick<Journal, 'append'> }): void {
  serve(app, list, async ({ principal }) => ({ items: await roles.list(principal.tenant) }))
  serve(app, get, async ({ principal, params: { role } }) => roles.get(principal.tenant, role))
  serve(app, create, async ({ principal, body }) => {
    const { id: actor, tenant } = principal
    return roles.create(principal, body, (role) =>
      journal.append({ kind: 'role.created', tenant, actor, payload: role }),
    )
  })
  serve(app, remove, async ({ principal, params: { role: name } }) => {
    const { id: actor, tenant } = principal
    await roles.remove(principal, name, () =>
      journal.append({ kind: 'role.removed', tenant, actor, payload: { name } }),
    )
    return null
  })
}
