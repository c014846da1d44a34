import { type Clock, uuidv7 } from '@azora/base'
import { type GrantedRole, SCIM_LIMITS, type ScimGroup } from '@azora/contracts'
import type { ScimGroupRow, ScimGroupStore } from '../store/scim-groups.ts'
import type { ScimUserStore } from '../store/scim-users.ts'
import { GROUP } from './attributes.ts'
import { full, invalidValue, noSuch, taken } from './errors.ts'
import type { Follow } from './follow.ts'
import { fieldsOf, type GroupFields, isUuid, toScimGroup, toStored } from './group.ts'
import { pageOf } from './page.ts'
import { patched } from './patch.ts'
import type { Actor } from './record.ts'
import { readResource } from './resource.ts'
import { shapeOf } from './shape.ts'
import type { Resources } from './users.ts'
import { requireVersion, unlessKnown } from './version.ts'

export interface GroupsDeps {
  groups: ScimGroupStore
  users: ScimUserStore
  follow: Pick<Follow, 'assign'>
  /** Where SCIM is served. */
  base: () => string
  clock: Clock
}

export interface Groups extends Resources<ScimGroup> {
  /** Lets the group give this role, or none. */
  give(by: Actor, group: ScimGroupRow, role: GrantedRole | null): Promise<void>
}

/** Groups, each of which gives its members the role that the owner has said, if any. */
export function createGroups({ groups, users, follow, base, clock }: GroupsDeps): Groups {
  const view = (row: ScimGroupRow): ScimGroup => toScimGroup(row, base())

  async function find(tenant: string, groupId: string): Promise<ScimGroupRow> {
    const [row] = isUuid(groupId) ? await groups.list(tenant, { groupId }) : []
    if (row) return row
    throw noSuch('group')
  }

  async function require(tenant: string, { displayName, memberIds }: GroupFields, groupId?: string): Promise<void> {
    const others = (await groups.list(tenant, { displayName })).filter((row) => row.groupId !== groupId)
    if (others.length > 0) throw taken(displayName)
    const known = await groups.known(tenant, memberIds)
    const stranger = memberIds.find((id) => !known.has(id))
    if (stranger !== undefined) throw invalidValue('members', `name ${stranger}, who is no user`)
  }

  /** Lets the roles of these users follow their groups. */
  async function settle(by: Actor, userIds: ReadonlySet<string>): Promise<void> {
    if (userIds.size === 0) return
    await follow.assign(by, await users.list(by.tenant, { userIds: [...userIds] }))
  }

  async function change(by: Actor, before: ScimGroupRow, fields: GroupFields): Promise<ScimGroup> {
    const { displayName, externalId, memberIds } = fields
    const { groupId } = before
    await require(by.tenant, fields, groupId)
    await groups.update({ ...before, displayName, externalId, modifiedAt: new Date(clock.now()) })
    await groups.setMembers(by.tenant, groupId, memberIds)
    const [were, are] = [idsOf(before), new Set(memberIds)]
    await settle(by, new Set([...were, ...are].filter((id) => were.has(id) !== are.has(id))))
    return view(await find(by.tenant, groupId))
  }

  return {
    shape: (query) => shapeOf(GROUP, query),
    list: ({ tenant }, query) => pageOf(GROUP, query, async () => (await groups.list(tenant)).map(view)),
    get: async ({ tenant }, id, conditions) => unlessKnown(conditions, view(await find(tenant, id))),
    async create(by, body) {
      const fields = fieldsOf(readResource(GROUP, body))
      const { displayName, externalId, memberIds } = fields
      await require(by.tenant, fields)
      const now = new Date(clock.now())
      const groupId = uuidv7(clock.now())
      const row = { groupId, tenant: by.tenant, displayName, externalId, createdAt: now, modifiedAt: now }
      if (!(await groups.add(row, SCIM_LIMITS.groups))) throw full('groups', SCIM_LIMITS.groups)
      await groups.setMembers(by.tenant, groupId, memberIds)
      return view(await find(by.tenant, groupId))
    },
    async replace(by, id, body, conditions = {}) {
      const before = await find(by.tenant, id)
      requireVersion(conditions, view(before))
      return change(by, before, fieldsOf(readResource(GROUP, body)))
    },
    async patch(by, id, patch, conditions = {}) {
      const before = await find(by.tenant, id)
      requireVersion(conditions, view(before))
      return change(by, before, fieldsOf(patched(GROUP, toStored(before), patch)))
    },
    async remove(by, id, conditions = {}) {
      const row = await find(by.tenant, id)
      requireVersion(conditions, view(row))
      await groups.remove(by.tenant, row.groupId)
      await settle(by, idsOf(row))
    },
    async give(by, row, role) {
      await groups.setRole(by.tenant, row.groupId, role)
      await settle(by, idsOf(row))
    },
  }
}

const idsOf = ({ members }: ScimGroupRow): Set<string> => new Set(members.map(({ userId }) => userId))
