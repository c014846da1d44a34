import { AzoraError } from '@azora/base'
import type { KeyScope } from '@azora/contracts'
import { mayForSome, requirePermission } from '../permissions/permissions.ts'
import type { Principal } from '../principal.ts'

/**
 * Throws unless one may have the secret of such a key: of one's own, or of a service, and never one that allows more than
 * one may oneself. `key_owner_unsuitable`, `forbidden`, `key_scope_exceeded`.
 */
export function requireMayHold(actor: Principal, owner: Principal, scopes: readonly KeyScope[]): void {
  if (actor.id !== owner.id) {
    if (!owner.id.startsWith('service:'))
      throw new AzoraError('forbidden', 'key_owner_unsuitable', `only ${owner.id} makes keys for ${owner.id}`)
    requirePermission(actor, 'key.administer')
  }
  for (const one of [actor, owner]) {
    const beyond = scopes.find((scope) => !mayForSome(one, scope))
    if (beyond !== undefined)
      throw new AzoraError('forbidden', 'key_scope_exceeded', `${one.id} may not ${beyond}, so no such key is made`)
  }
}
