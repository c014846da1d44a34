import type { Db } from '@azora/base/db'
import type { GrantedRole, JsonObject } from '@azora/contracts'

/** A group that somebody is in. */
export interface UserGroup {
  groupId: string
  displayName: string
  role: GrantedRole | null
}

export interface ScimUserRow {
  userId: string
  tenant: string
  principal: string
  userName: string
  externalId: string | null
  /** Whether the provider wants them to be a principal, and they are one. */
  active: boolean
  /** What else the provider says of them. */
  attributes: JsonObject
  createdAt: Date
  modifiedAt: Date
  /** In the order of their names. */
  groups: UserGroup[]
}

/** What selects users; all of the tenant where nothing is said. */
export interface UserQuery {
  userId?: string
  principal?: string
  externalId?: string
  userIds?: readonly string[]
}

export interface ScimUserStore {
  /** In the order in which they were made. */
  list(tenant: string, query?: UserQuery): Promise<ScimUserRow[]>
  /** False when so many are there already. */
  add(row: Omit<ScimUserRow, 'active' | 'groups'>, most: number): Promise<boolean>
  update(row: Omit<ScimUserRow, 'active' | 'groups' | 'createdAt'>): Promise<void>
  setActive(tenant: string, principal: string, active: boolean): Promise<void>
  remove(tenant: string, userId: string): Promise<void>
  count(tenant: string): Promise<{ active: number; inactive: number }>
}

const IS_ACTIVE = `u.active and exists (
  select from identity.credential c where c.tenant = u.tenant and c.principal = u.principal)`
const COLUMNS = `u.user_id as "userId", u.tenant, u.principal, u.user_name as "userName", u.external_id as "externalId",
  ${IS_ACTIVE} as active, u.attributes, u.created_at as "createdAt", u.modified_at as "modifiedAt",
  coalesce((
    select json_agg(json_build_object('groupId', g.group_id, 'displayName', g.display_name, 'role', g.role)
      order by g.display_name)
    from identity.scim_member m join identity.scim_group g using (group_id) where m.user_id = u.user_id), '[]') as groups`

export function createScimUserStore(db: Db): ScimUserStore {
  return {
    async list(tenant, { userId, principal, externalId, userIds } = {}) {
      const { rows } = await db.within(tenant).query<ScimUserRow>(
        `select ${COLUMNS} from identity.scim_user u
         where u.tenant = $1 and ($2::uuid is null or u.user_id = $2) and ($3::text is null or u.principal = $3)
           and ($4::text is null or u.external_id = $4) and ($5::uuid[] is null or u.user_id = any($5))
         order by u.created_at, u.user_id`,
        [tenant, userId ?? null, principal ?? null, externalId ?? null, userIds ?? null],
      )
      return rows
    },
    async add({ userId, tenant, principal, userName, externalId, attributes, createdAt, modifiedAt }, most) {
      const { rowCount } = await db.within(tenant).query(
        `insert into identity.scim_user (user_id, tenant, principal, user_name, external_id, active, attributes,
           created_at, modified_at)
         select $1, $2, $3, $4, $5, false, $6, $7, $8
         where (select count(*) from identity.scim_user where tenant = $2) < $9`,
        [userId, tenant, principal, userName, externalId, JSON.stringify(attributes), createdAt, modifiedAt, most],
      )
      return rowCount === 1
    },
    async update({ userId, tenant, principal, userName, externalId, attributes, modifiedAt }) {
      await db.within(tenant).query(
        `update identity.scim_user set principal = $3, user_name = $4, external_id = $5, attributes = $6, modified_at = $7
         where tenant = $1 and user_id = $2`,
        [tenant, userId, principal, userName, externalId, JSON.stringify(attributes), modifiedAt],
      )
    },
    async setActive(tenant, principal, active) {
      await db
        .within(tenant)
        .query('update identity.scim_user set active = $3 where tenant = $1 and principal = $2', [
          tenant,
          principal,
          active,
        ])
    },
    async remove(tenant, userId) {
      await db
        .within(tenant)
        .query('delete from identity.scim_user where tenant = $1 and user_id = $2', [tenant, userId])
    },
    async count(tenant) {
      const { rows } = await db.within(tenant).query<{ active: number; inactive: number }>(
        `select count(*) filter (where ${IS_ACTIVE})::int as active,
           count(*) filter (where not (${IS_ACTIVE}))::int as inactive
         from identity.scim_user u where u.tenant = $1`,
        [tenant],
      )
      return rows[0] ?? { active: 0, inactive: 0 }
    },
  }
}
