import { AzoraError } from '@azora/base'
import {
  type CustomRole,
  GivenRole,
  type PrincipalDecision,
  Right,
  Role,
  type RoleName,
  type RoleView,
} from '@azora/contracts'
import type { Principal } from '../principal.ts'
import { type AboutRun, decideCustom, isAllowedForSome } from './custom.ts'
import { type Decision, decide } from './decide.ts'

type Rights = Pick<Principal, 'roles' | 'custom' | 'scopes'>
type Actor = Pick<Principal, 'id'> & Rights

/**
 * What the roles allow; for an API key, of that what its scopes name.
 *
 * @param about the run that it is about; without, only what is allowed for all things of the kind
 */
export const may = (actor: Rights & { id?: string }, action: Right, about?: AboutRun): boolean =>
  isInScope(actor.scopes, action) && decisionOf({ id: '', ...actor }, action, about).allowed

/** Whether they may do it for some run at least. */
export const mayForSome = (actor: Rights, action: Right): boolean =>
  may(actor, action) || (isInScope(actor.scopes, action) && isAllowedForSome(actor.custom ?? [], action))

const isInScope = (scopes: Principal['scopes'], action: Right): boolean =>
  scopes === undefined || scopes.some((scope) => scope === action)

/** What everybody may who has a role of their own kind only: sign in and out, and look after what they come in with. */
const ofEverybody = (action: Right): boolean => GivenRole.options.every((role) => decide([role], action).allowed)

function decisionOf({ id, roles, custom = [] }: Omit<Actor, 'scopes'>, action: Right, about?: AboutRun): Decision {
  const built = decide(roles.filter(isBuiltIn), action)
  if (built.allowed || custom.length === 0) return built
  const decided = decideCustom({ caller: id, roles: custom, action, about })
  if (decided.allowed || !ofEverybody(action)) return decided
  return decide([EVERYBODY], action)
}

/** Any of the roles that people are given: it is asked only about what each of them allows. */
const EVERYBODY: Role = 'viewer'
const BUILT_IN: ReadonlySet<RoleName> = new Set(Role.options)
const isBuiltIn = (role: RoleName): role is Role => BUILT_IN.has(role)

/** Throws `forbidden` unless the principal may, or `insufficient_scope` (RFC 6750) where their API key may not. */
export function requirePermission(principal: Actor, action: Right, about?: AboutRun): void {
  if (!may(principal, action, about)) throw refused(principal, action)
}

/** The same, where what they may do for some runs only is asked about again for each run. */
export function requirePermissionForSome(principal: Actor, action: Right): void {
  if (!mayForSome(principal, action)) throw refused(principal, action)
}

function refused(principal: Actor, action: Right): AzoraError {
  if (!isInScope(principal.scopes, action))
    return new AzoraError('forbidden', 'insufficient_scope', `the API key of ${principal.id} has no scope ${action}`)
  const roles = rolesThatMay(action).join(' or ')
  return new AzoraError('forbidden', 'forbidden', `${principal.id} may not ${action}, which needs the role ${roles}`, {
    remedy: `Use the token of a principal with the role ${roles}. Why: azora identity can ${principal.id} ${action}`,
  })
}

/** The roles of every installation that each allow it by themselves. */
export const rolesThatMay = (action: Right): Role[] => Role.options.filter((role) => may({ roles: [role] }, action))

/** What each role of every installation allows. */
export const describeRoles = (): RoleView[] =>
  Role.options.map((role) => ({ role, actions: actionsOf({ roles: [role] }) }))

/** What one may, for some things at least. */
export const actionsOf = (rights: Rights): Right[] => Right.options.filter((action) => mayForSome(rights, action))

/** Whether somebody may do something, with all things of the kind or about one run, and why. */
export function explain(actor: Actor, action: Right, about?: AboutRun): PrincipalDecision {
  const { id, roles, scopes } = actor
  const { allowed, policies } = isInScope(scopes, action) ? decisionOf(actor, action, about) : OUT_OF_SCOPE
  return {
    principal: id,
    roles: [...roles],
    action,
    allowed,
    policies: policies.map((policy) => ({ id: policy.id, says: policy.says })),
    rolesThatMay: rolesThatMay(action),
  }
}

const OUT_OF_SCOPE: Decision = { allowed: false, policies: [] }

/**
 * Throws `forbidden` unless one may give or take these roles: nobody gives what they may not do themselves. A node is
 * handed work and what it needs for it, so that role has a permission of its own.
 *
 * @param custom what those of the tenant's own among them allow
 */
export function requireMayGive(actor: Actor, roles: readonly RoleName[], custom: readonly CustomRole[] = []): void {
  for (const role of roles.filter(isBuiltIn)) {
    if (role === 'node') requirePermission(actor, 'principal.enrol_node')
    else requireAll(actor, actionsOf({ roles: [role] }), role)
  }
  for (const { name, may: rights } of custom) requireAll(actor, rights, name)
}

/** Throws `forbidden` unless one may all of it, for all things. */
function requireAll(actor: Actor, rights: readonly Right[], role: RoleName): void {
  const beyond = rights.find((action) => !may(actor, action))
  if (beyond === undefined) return
  throw new AzoraError(
    'forbidden',
    'forbidden',
    `${actor.id} may not ${beyond}, so neither give nor take the role ${role}`,
    {
      remedy: 'Ask the owner.',
    },
  )
}
