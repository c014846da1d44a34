import { AzoraError } from '@azora/base'
import { type GrantedRole, SCIM_PRINCIPAL, type ScimMapping, type ScimStatus, type ScimToken } from '@azora/contracts'
import { createToken, type Identity } from '../identity.ts'
import type { ScimGroupRow, ScimGroupStore } from '../store/scim-groups.ts'
import type { ScimUserStore } from '../store/scim-users.ts'
import { isUuid } from './group.ts'
import type { Groups } from './groups.ts'
import type { Actor, RecordScim } from './record.ts'

/** What the owner decides about provisioning. Each decision is on record before it holds. */
export interface ScimOwner {
  status(by: Actor): Promise<ScimStatus>
  /** A new token, in place of the one before. */
  token(by: Actor): Promise<ScimToken>
  /** Throws `scim_token_missing`. */
  revoke(by: Actor): Promise<void>
  /** Throws `scim_group_not_found`. */
  map(by: Actor, group: string, role: GrantedRole): Promise<ScimMapping>
  /** Throws `scim_group_not_found`. */
  unmap(by: Actor, group: string): Promise<ScimMapping>
}

export interface ScimOwnerDeps {
  identity: Pick<Identity, 'assign' | 'find' | 'remove'>
  users: ScimUserStore
  groups: Pick<Groups, 'give'>
  groupStore: ScimGroupStore
  issuer: string | undefined
  base: () => string
  record: RecordScim
}

export function createScimOwner(deps: ScimOwnerDeps): ScimOwner {
  const { identity, users, groups, groupStore, issuer, base, record } = deps

  async function find(tenant: string, group: string): Promise<ScimGroupRow> {
    const query = isUuid(group) ? { groupId: group } : { displayName: group }
    const [row] = group.includes('\u0000') ? [] : await groupStore.list(tenant, query)
    if (row) return row
    throw new AzoraError('missing', 'scim_group_not_found', `the provider has sent no group ${group}`, {
      remedy: 'List them: azora scim status. A group can be mapped when the provider has sent it.',
    })
  }

  return {
    async status({ tenant }) {
      const [token, counts, all] = await Promise.all([
        identity.find(tenant, SCIM_PRINCIPAL),
        users.count(tenant),
        groupStore.list(tenant),
      ])
      return {
        url: base(),
        token: token !== undefined,
        ...(issuer !== undefined && { issuer }),
        users: counts,
        groups: all.map(mappingOf),
      }
    },
    async token({ id: actor, tenant }) {
      const principal = { id: SCIM_PRINCIPAL, tenant, roles: ['provisioner' as const], keys: [] }
      const { id, roles, keys } = principal
      const token = createToken()
      await record({ kind: 'principal.added', tenant, actor, payload: { principal: id, roles, keys } })
      await identity.assign(token, principal)
      return { principal: id, token }
    },
    async revoke({ id: actor, tenant }) {
      if (!(await identity.find(tenant, SCIM_PRINCIPAL)))
        throw new AzoraError('missing', 'scim_token_missing', 'there is no token of the identity provider')
      await identity.remove(tenant, SCIM_PRINCIPAL, () =>
        record({ kind: 'principal.removed', tenant, actor, payload: { principal: SCIM_PRINCIPAL } }),
      )
    },
    async map(by, group, role) {
      const row = await find(by.tenant, group)
      const payload = { groupId: row.groupId, group: row.displayName, role }
      await record({ kind: 'scim.mapped', tenant: by.tenant, actor: by.id, payload })
      await groups.give(by, row, role)
      return mappingOf({ ...row, role })
    },
    async unmap(by, group) {
      const row = await find(by.tenant, group)
      const payload = { groupId: row.groupId, group: row.displayName }
      await record({ kind: 'scim.unmapped', tenant: by.tenant, actor: by.id, payload })
      await groups.give(by, row, null)
      return mappingOf({ ...row, role: null })
    },
  }
}

const mappingOf = ({ groupId, displayName, role, members }: ScimGroupRow): ScimMapping => ({
  id: groupId,
  name: displayName,
  members: members.length,
  ...(role !== null && { role }),
})
