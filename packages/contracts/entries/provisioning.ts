import { z } from 'zod'
import { CustomRole } from '../custom-role.ts'
import { GrantedRole } from '../principal.ts'
import { PrincipalId } from '../run.ts'

/** What an identity provider, and the owner about its groups, decide of who may act. */
export const PROVISIONING_ENTRIES = {
  /** Somebody has these roles from here on, in place of those before; their keys stay. */
  'principal.changed': z.strictObject({ principal: PrincipalId, roles: z.array(z.string()) }),
  /** What they sign from here on, in place of nothing; they have shown that they hold it. */
  'principal.key_added': z.strictObject({ principal: PrincipalId, key: z.string(), sessionId: z.uuid() }),
  /** Whoever is given it may do this from here on. */
  'role.created': CustomRole,
  'role.removed': CustomRole.pick({ name: true }),
  /** Whoever is in the group has the role. */
  'scim.mapped': z.strictObject({ groupId: z.uuid(), group: z.string().max(1_000), role: GrantedRole }),
  'scim.unmapped': z.strictObject({ groupId: z.uuid(), group: z.string().max(1_000) }),
} as const satisfies Record<string, z.ZodType>
