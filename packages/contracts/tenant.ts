import { z } from 'zod'
import { Timestamp } from './names.ts'
import { NewPerson, PrincipalView, type Role } from './principal.ts'
import { PrincipalId, Tenant } from './run.ts'

/** The tenant of the server itself: its people look after what all tenants share, and make the others. */
export const SERVER_TENANT = 'default'

/** Nobody in a suspended tenant gets in, and none of its runs start. */
export const TenantState = z.enum(['active', 'suspended'])
export type TenantState = z.infer<typeof TenantState>

/** `GET /api/v1/tenants` */
export const TenantView = z.strictObject({
  name: Tenant,
  state: TenantState,
  createdAt: Timestamp,
  /** Since when it is suspended. */
  suspendedAt: Timestamp.exactOptional(),
})
export type TenantView = z.infer<typeof TenantView>

/** Nobody gives a role that allows what they may not do: whoever is first has all that people of the tenant may be given. */
export const FOUNDING_ROLES = ['admin', 'reviewer', 'auditor'] as const satisfies Role[]

/** `POST /api/v1/tenants`: with the first who administers it. */
export const NewTenant = z.strictObject({
  name: Tenant.regex(/^[a-z]/, 'start with a letter'),
  admin: NewPerson.omit({ roles: true }),
})
export type NewTenant = z.infer<typeof NewTenant>

/** The token of its first administrator is in this answer only. */
export const TenantCreated = TenantView.extend({ admin: PrincipalView.extend({ token: z.string() }) })
export type TenantCreated = z.infer<typeof TenantCreated>

/** What the entries about tenants say. */
export const TenantNamed = z.strictObject({ tenant: Tenant })
export const TenantFounded = TenantNamed.extend({ admin: PrincipalId })
