import { AzoraError } from '@azora/base'

/** `owner` may do everything in its tenant; `node` may only connect as an execution node. */
export type Role = 'owner' | 'node'

/** Who acts, for which tenant, in which roles. */
export interface Principal {
  /** `user:owner`, `node:local`, … */
  id: string
  tenant: string
  roles: Role[]
}

/** Throws `forbidden` unless the principal has the role. */
export function requireRole(principal: Principal, role: Role): void {
  if (principal.roles.includes(role)) return
  throw new AzoraError('forbidden', 'forbidden', `${principal.id} needs the role ${role}`, {
    remedy: `Use the token of a principal with the role ${role}.`,
  })
}
