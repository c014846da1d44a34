import { AzoraError } from '@azora/base'
import { type PrincipalDecision, Right, Role, type RoleView } from '@azora/contracts'
import type { Principal } from '../principal.ts'
import { type Decision, decide } from './decide.ts'

type Actor = Pick<Principal, 'id' | 'roles' | 'scopes'>

/** What the roles allow; for an API key, of that what its scopes name. */
export const may = ({ roles, scopes }: Pick<Principal, 'roles' | 'scopes'>, action: Right): boolean =>
  isInScope(scopes, action) && decide(roles, action).allowed

const isInScope = (scopes: Principal['scopes'], action: Right): boolean =>
  scopes === undefined || scopes.some((scope) => scope === action)

/** Throws `forbidden` unless the principal may, or `insufficient_scope` (RFC 6750) where their API key may not. */
export function requirePermission(principal: Actor, action: Right): void {
  if (may(principal, action)) return
  if (!isInScope(principal.scopes, action))
    throw new AzoraError('forbidden', 'insufficient_scope', `the API key of ${principal.id} has no scope ${action}`)
  const roles = rolesThatMay(action).join(' or ')
  throw new AzoraError('forbidden', 'forbidden', `${principal.id} may not ${action}, which needs the role ${roles}`, {
    remedy: `Use the token of a principal with the role ${roles}. Why: azora identity can ${principal.id} ${action}`,
  })
}

/** The roles that each allow it by themselves. */
export const rolesThatMay = (action: Right): Role[] => Role.options.filter((role) => may({ roles: [role] }, action))

/** What each role allows. */
export const describeRoles = (): RoleView[] =>
  Role.options.map((role) => ({ role, actions: Right.options.filter((action) => may({ roles: [role] }, action)) }))

/** Whether somebody may do something, and why. */
export function explain({ id, roles, scopes }: Actor, action: Right): PrincipalDecision {
  const { allowed, policies } = isInScope(scopes, action) ? decide(roles, action) : OUT_OF_SCOPE
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
 */
export function requireMayGive(actor: Actor, roles: readonly Role[]): void {
  for (const role of roles) {
    if (role === 'node') requirePermission(actor, 'principal.enrol_node')
    else requireAllOf(actor, role)
  }
}

function requireAllOf(actor: Actor, role: Role): void {
  const beyond = Right.options.find((action) => may({ roles: [role] }, action) && !may(actor, action))
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
