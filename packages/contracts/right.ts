import { z } from 'zod'
import { Role, RoleName } from './principal.ts'
import { PrincipalId } from './run.ts'

/** What a principal may be allowed to do: the kind of thing and a verb. Policies about it are in services/identity/permissions. */
export const Right = z.enum([
  'agent.read',
  'artifact.keep',
  'constitution.activate',
  'constitution.backtest',
  'constitution.read',
  'device.decide',
  'device.read',
  'erasure.create',
  'erasure.preview',
  'erasure.read',
  'journal.follow',
  'journal.prove',
  'journal.read',
  'journal.rotate_key',
  'key.administer',
  'key.create',
  'key.read',
  'key.revoke',
  'key.rotate',
  'limit.read',
  'limit.set',
  'node.connect',
  'node.drain',
  'node.read',
  'node.resume',
  'payload_key.read',
  'payload_key.rotate',
  'principal.add',
  'principal.enrol_node',
  'principal.read',
  'principal.remove',
  'retention.read',
  'retention.run',
  'retention.set',
  'review.decide',
  'review.read',
  'role.create',
  'role.remove',
  'run.create',
  'run.manage',
  'run.read',
  'run.replay',
  'run.signal',
  'scim.provision',
  'scim.read',
  'scim.set',
  'secret.put',
  'secret.read',
  'secret.remove',
  'secret.revoke',
  'secret.rotate',
  'session.administer',
  'session.end',
  'session.link',
  'session.read',
  'signing_key.add',
  'skill.read',
  'system.read',
  'tenant.create',
  'tenant.read',
  'tenant.suspend',
  'token.issue',
  'token.rotate_key',
  'verdict.ask',
  'webhook.manage',
  'webhook.read',
])
export type Right = z.infer<typeof Right>

/** What only other programs do, such as nodes and identity providers; no client of people has it. */
export type MachineRight = 'artifact.keep' | 'node.connect' | 'scim.provision'

/** `GET /api/v1/roles` */
export const RoleView = z.strictObject({ role: RoleName, actions: z.array(Right) })
export type RoleView = z.infer<typeof RoleView>

/** `GET /api/v1/principals/{principalId}/can` */
export const PrincipalDecision = z.strictObject({
  principal: PrincipalId,
  roles: z.array(RoleName),
  action: Right,
  /** The run or review that it was asked about. */
  resource: z.string().exactOptional(),
  allowed: z.boolean(),
  /** What permits it, or what forbids it; none when nothing permits it. */
  policies: z.array(z.strictObject({ id: z.string(), says: z.string() })),
  /** Each of them would allow it. */
  rolesThatMay: z.array(Role),
})
export type PrincipalDecision = z.infer<typeof PrincipalDecision>
