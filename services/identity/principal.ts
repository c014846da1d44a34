import { AzoraError } from '@azora/base'
import type { Role } from '@azora/contracts'

/**
 * `owner` may do everything in its tenant; `reviewer` may read runs and reviews, and decide about them; `auditor` may read
 * the journal with its headers, and what its keys and checkpoints are; `witness` may read checkpoints, hashes and proofs,
 * which name nobody; `node` may only connect as an execution node.
 */
export type { Role } from '@azora/contracts'

/** Who acts, for which tenant, in which roles. */
export interface Principal {
  /** `user:owner`, `node:local`, … */
  id: string
  tenant: string
  roles: Role[]
  /** What it signs with: verifier keys (C2SP signed-note `vkey`). */
  keys: string[]
}

/** Throws `forbidden` unless the principal has one of the roles. */
export function requireRole(principal: Principal, ...roles: Role[]): void {
  if (roles.some((role) => principal.roles.includes(role))) return
  const needed = roles.join(' or ')
  throw new AzoraError('forbidden', 'forbidden', `${principal.id} needs the role ${needed}`, {
    remedy: `Use the token of a principal with the role ${needed}.`,
  })
}
