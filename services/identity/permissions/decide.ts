import { AzoraError } from '@azora/base'
import type { Right, Role } from '@azora/contracts'
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { type PermissionPolicy, readPermissions } from './policies.ts'

/** Whether somebody may do something, and what says so. */
export interface Decision {
  allowed: boolean
  /** Those that permit it, or those that forbid it; none when nothing permits it. */
  policies: readonly PermissionPolicy[]
}

/** What these roles together allow. Deny by default: what nothing permits is denied. */
export type Decide = (roles: readonly Role[], action: Right) => Decision

const CACHED_MAX = 4_096

/** Decides as the given policies say, which were checked before, and remembers it. Throws `permissions_invalid`. */
export function createDecide(policies: readonly PermissionPolicy[]): Decide {
  const byId = new Map(policies.map((policy) => [policy.id, policy]))
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]))
  const parsed = preparsePolicySet(NAME, { staticPolicies })
  if (parsed.type === 'failure') throw broken(parsed.errors)
  const known = new Map<string, Decision>()

  function ask(roles: readonly Role[], action: Right): Decision {
    const answer = statefulIsAuthorized({
      principal: CALLER,
      action: { type: 'Action', id: action },
      resource: { type: kindOf(action), id: 'any' },
      context: {},
      entities: [{ uid: CALLER, attrs: {}, parents: roles.map((id) => ({ type: 'Role', id })) }],
      preparsedPolicySetId: NAME,
      validateRequest: false,
    })
    if (answer.type === 'failure') throw broken(answer.errors)
    const { decision, diagnostics } = answer.response
    // A policy that fails is as if it weren't there, which must not open what it may have forbidden.
    const allowed = decision === 'allow' && diagnostics.errors.length === 0
    return { allowed, policies: diagnostics.reason.flatMap((id) => byId.get(id) ?? []) }
  }

  return (roles, action) => {
    const name = `${action} ${roles.join(' ')}`
    const cached = known.get(name)
    if (cached) return cached
    const decided = ask(roles, action)
    if (known.size >= CACHED_MAX) known.clear()
    known.set(name, decided)
    return decided
  }
}

/** What Cedar keeps the parsed policies under. */
const NAME = 'azora-permissions'
/** Roles are all that counts, so every caller with the same ones is the same caller. */
const CALLER = { type: 'Caller', id: 'any' }

/** The type of what an action is about: `payload_key.read` is about a `PayloadKey`. */
export const kindOf = (action: Right): string =>
  action
    .slice(0, action.indexOf('.'))
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const broken = (errors: ReadonlyArray<{ message: string }>): AzoraError =>
  new AzoraError('bug', 'permissions_invalid', errors.map(({ message }) => message).join('; '))

let inForce: Decide | undefined

/** As the policies of this installation say. Throws `permissions_invalid`. */
export const decide: Decide = (roles, action) => {
  inForce ??= createDecide(readPermissions().policies)
  return inForce(roles, action)
}
