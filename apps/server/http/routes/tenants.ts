import { FOUNDING_ROLES, operations, SERVER_TENANT } from '@azora/contracts'
import type { Identity } from '@azora/identity'
import type { Journal } from '@azora/journal'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

export interface TenantRouteDeps {
  identity: Pick<Identity, 'tenants'>
  journal: Pick<Journal, 'append'>
}

const { list, create, suspend, resume } = operations.tenants
/** Who founds tenants is of another one, so their name says nothing in the new one. */
const FOUNDER = 'system:tenants'

/** Whose things are kept apart; each change is on record before it holds. */
export function tenantRoutes(app: App, { identity: { tenants }, journal }: TenantRouteDeps): void {
  serve(app, list, async () => ({ items: tenants.list() }))
  serve(app, create, async ({ principal: { id: actor }, body }) => {
    const { name, admin } = body
    const roles = [...FOUNDING_ROLES]
    const { tenant, token } = await tenants.create(body, async () => {
      const founded = { tenant: name, admin: admin.id }
      await journal.append({ kind: 'tenant.created', tenant: SERVER_TENANT, actor, payload: founded })
      const added = { principal: admin.id, roles, keys: admin.keys }
      await journal.append({ kind: 'principal.added', tenant: name, actor: FOUNDER, payload: added })
    })
    return { ...tenant, admin: { ...admin, roles, token } }
  })
  const recorded = (kind: 'tenant.suspended' | 'tenant.resumed', actor: string, tenant: string) => () =>
    journal.append({ kind, tenant: SERVER_TENANT, actor, payload: { tenant } })
  serve(app, suspend, async ({ principal, params: { tenant } }) =>
    tenants.suspend(tenant, recorded('tenant.suspended', principal.id, tenant)),
  )
  serve(app, resume, async ({ principal, params: { tenant } }) =>
    tenants.resume(tenant, recorded('tenant.resumed', principal.id, tenant)),
  )
}
