import type { Identity } from '../identity.ts'
import type { Principal } from '../principal.ts'
import type { Leave } from '../sign-in/leave.ts'
import type { LinkStore } from '../store/links.ts'
import type { ScimUserRow, ScimUserStore } from '../store/scim-users.ts'
import { taken } from './errors.ts'
import type { Actor, RecordScim } from './record.ts'
import { addressOf } from './user.ts'

/** What says who somebody is, here and at the provider. */
type Named = Pick<ScimUserRow, 'principal' | 'userName' | 'attributes'>

/** Principals as a provider wants them. Each change is on record before it holds. */
export interface Follow {
  /**
   * Throws `scim_taken` when a user, a principal or a link has the name or the address.
   *
   * @param before the principal that the same person was until now
   */
  requireFree(tenant: string, row: Named, before?: string): Promise<void>
  /** The same for a user who is there, but no principal of the provider’s. */
  requireUnclaimed(tenant: string, row: Named): Promise<void>
  /** The same for the address alone. */
  requireAddress(tenant: string, row: Named): Promise<void>
  /** Makes the principal, without a token that anybody knows and without a key. */
  arrive(by: Actor, row: ScimUserRow): Promise<void>
  /** Ends the principal and all that it holds. */
  depart(by: Actor, principal: string): Promise<void>
  /** Lets who has the address at the provider sign in as them. */
  link(by: Actor, row: Named): Promise<void>
  /** Gives those who are active the roles of their groups. */
  assign(by: Actor, rows: readonly ScimUserRow[]): Promise<void>
}

export interface FollowDeps {
  identity: Pick<Identity, 'add' | 'change' | 'find' | 'remove'>
  users: ScimUserStore
  links: LinkStore
  leave: Leave
  /** Undefined where the server has no provider to sign in at. */
  issuer: string | undefined
  record: RecordScim
}

/** So many entries are waited for together. */
const ASSIGNED_AT_ONCE = 50

/** Nobody has a role but by a group that the owner has mapped. */
const rolesOf = ({ groups }: Pick<ScimUserRow, 'groups'>): Principal['roles'] =>
  [...new Set(groups.flatMap(({ role }) => role ?? []))].sort()

export function createFollow({ identity, users, links, leave, issuer, record }: FollowDeps): Follow {
  async function requireAddress(tenant: string, row: Named, before = row.principal): Promise<void> {
    const email = addressOf(row)
    const holder = issuer !== undefined && email !== undefined && (await links.holder(issuer, email))
    if (holder && (holder.tenant !== tenant || holder.principal !== before)) throw taken(String(email))
  }

  async function requireUnclaimed(tenant: string, row: Named, before?: string): Promise<void> {
    if (await identity.find(tenant, row.principal)) throw taken(row.userName)
    await requireAddress(tenant, row, before)
  }

  async function link(by: Actor, row: Named): Promise<void> {
    if (issuer === undefined) return
    const { tenant, id: actor } = by
    const { principal } = row
    const email = addressOf(row)
    const before = await links.get(tenant, principal)
    if (before?.email === email && before?.issuer === issuer) return
    if (email === undefined) {
      if (!before) return
      await record({ kind: 'sign_in.unlinked', tenant, actor, payload: { principal } })
      await links.remove(tenant, principal)
      return
    }
    await record({ kind: 'sign_in.linked', tenant, actor, payload: { principal, issuer } })
    const next = { principal, issuer, email }
    const holds = before?.issuer === issuer ? await links.move(tenant, next) : await links.put(tenant, next)
    if (!holds) throw taken(email)
  }

  async function assignOne({ id: actor, tenant }: Actor, row: ScimUserRow): Promise<void> {
    const { principal } = row
    const before = await identity.find(tenant, principal)
    const roles = rolesOf(row)
    if (!before || !row.active || before.roles.toSorted().join() === roles.join()) return
    await identity.change(tenant, principal, roles, () =>
      record({ kind: 'principal.changed', tenant, actor, payload: { principal, roles } }),
    )
  }

  return {
    link,
    requireAddress,
    requireUnclaimed,
    async requireFree(tenant, row, before) {
      const { principal, userName } = row
      if ((await users.list(tenant, { principal })).length > 0) throw taken(userName)
      await requireUnclaimed(tenant, row, before)
    },
    async arrive(by, row) {
      const { id: actor, tenant } = by
      const { principal } = row
      const roles = rolesOf(row)
      // Said first: after a crash between the two, somebody who should be a principal and isn't can be let in again.
      await users.setActive(tenant, principal, true)
      await identity.add({ id: principal, tenant, roles, keys: [] }, () =>
        record({ kind: 'principal.added', tenant, actor, payload: { principal, roles, keys: [] } }),
      )
      await link(by, row)
    },
    async depart(by, principal) {
      const { id: actor, tenant } = by
      await identity.remove(tenant, principal, async () => {
        await record({ kind: 'principal.removed', tenant, actor, payload: { principal } })
        await leave(by, principal)
      })
      await users.setActive(tenant, principal, false)
    },
    async assign(by, rows) {
      for (let at = 0; at < rows.length; at += ASSIGNED_AT_ONCE)
        await Promise.all(rows.slice(at, at + ASSIGNED_AT_ONCE).map((row) => assignOne(by, row)))
    },
  }
}
