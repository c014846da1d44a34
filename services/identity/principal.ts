import type { CustomRole, KeyScope, RoleName } from '@azora/contracts'

/** What each role allows is said by the policies in `permissions/policies`. */
export type { Role } from '@azora/contracts'

/** Who acts, for which tenant, in which roles. */
export interface Principal {
  /** `user:owner`, `node:local`, … */
  id: string
  tenant: string
  roles: RoleName[]
  /** What the roles of the tenant's own among them allow; absent when there is none. */
  custom?: readonly CustomRole[]
  /** What it signs with: verifier keys (C2SP signed-note `vkey`). */
  keys: string[]
  /** Present when an API key acts for them: it allows no more than this of what the roles allow. */
  scopes?: readonly KeyScope[]
}
