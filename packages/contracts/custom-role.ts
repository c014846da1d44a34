import { z } from 'zod'
import { Name, Timestamp } from './names.ts'
import { CustomRoleName, RoleName } from './principal.ts'
import { type MachineRight, Right } from './right.ts'
import { PrincipalId } from './run.ts'

export const CUSTOM_ROLE_LIMITS = { roles: 100, agents: 50 }

/** What no person or service may be given: what other programs do, and letting such programs in. */
const UNGIVEN = ['artifact.keep', 'node.connect', 'scim.provision', 'principal.enrol_node'] as const satisfies Array<
  MachineRight | 'principal.enrol_node'
>
export const GivenRight = Right.exclude(UNGIVEN)
export type GivenRight = z.infer<typeof GivenRight>

/** Rights about runs and reviews, which may be given for some of them only. */
const LIMITABLE = ['run.create', 'run.manage', 'run.read', 'run.replay', 'run.signal', 'review.decide', 'review.read']
export const isLimitable = (right: Right): boolean => LIMITABLE.includes(right)

/** A role that a tenant makes for itself. It never changes: another set of rights is another role. */
export const CustomRole = z.strictObject({
  name: CustomRoleName,
  /** What it is for, as a sentence without a full stop. It becomes part of policies, so it has no quotes and no backslashes. */
  says: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^"\\\p{C}]+$/u, 'must be one line without quotes and backslashes'),
  may: z.array(GivenRight).min(1).max(GivenRight.options.length),
  /** Rights about runs and reviews hold for runs of these agents only; `direct` are runs without an agent. */
  agents: z.array(Name).min(1).max(CUSTOM_ROLE_LIMITS.agents).exactOptional(),
  /** Rights about runs and reviews hold for runs only that one has started oneself. */
  own: z.literal(true).exactOptional(),
})
export type CustomRole = z.infer<typeof CustomRole>

/** `POST /api/v1/roles` */
export const NewCustomRole = CustomRole.extend({
  says: CustomRole.shape.says.exactOptional(),
})
  .refine(({ may }) => new Set(may).size === may.length, { message: 'names a right twice', path: ['may'] })
  .refine(({ may, agents, own }) => (!agents && !own) || may.some(isLimitable), {
    message: 'has no right about runs or reviews, so there is nothing to limit',
    path: ['may'],
  })
export type NewCustomRole = z.infer<typeof NewCustomRole>

/** `GET /api/v1/roles/{role}` */
export const RoleDetail = z.strictObject({
  role: RoleName,
  actions: z.array(Right),
  /** Those that speak of the role, in Cedar. */
  policies: z.array(z.strictObject({ id: z.string(), says: z.string(), text: z.string() })),
  /** Absent for the roles that every installation has. */
  custom: CustomRole.extend({ createdAt: Timestamp, createdBy: PrincipalId }).exactOptional(),
})
export type RoleDetail = z.infer<typeof RoleDetail>
