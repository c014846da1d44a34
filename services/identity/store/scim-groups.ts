import type { Db } from '@azora/base/db'
import type { GrantedRole } from '@azora/contracts'

export interface ScimGroupRow {
  groupId: string
  tenant: string
  displayName: string
  externalId: string | null
  role: GrantedRole | null
  createdAt: Date
  modifiedAt: Date
  /** In the order of their user names. */
  members: Array<{ userId: string; userName: string }>
}

/** What selects groups; all of the tenant where nothing is said. */
export interface GroupQuery {
  groupId?: string
  /** In any case. */
  displayName?: string
}

export interface ScimGroupStore {
  /** In the order in which they were made. */
  list(tenant: string, query?: GroupQuery): Promise<ScimGroupRow[]>
  /** False when so many are there already. */
  add(row: Omit<ScimGroupRow, 'members' | 'role'>, most: number): Promise<boolean>
  update(row: Omit<ScimGroupRow, 'members' | 'role' | 'createdAt'>): Promise<void>
  setRole(tenant: string, groupId: string, role: GrantedRole | null): Promise<void>
  remove(tenant: string, groupId: string): Promise<void>
  /** Which of these are users of the tenant. */
  known(tenant: string, userIds: readonly string[]): Promise<Set<string>>
  setMembers(tenant: string, groupId: string, userIds: readonly string[]): Promise<void>
}

const COLUMNS = `g.group_id as "groupId", g.tenant, g.display_name as "displayName", g.external_id as "externalId", g.role,
  g.created_at as "createdAt", g.modified_at as "modifiedAt",
  coalesce((
    select json_agg(json_build_object('userId', u.user_id, 'userName', u.user_name) order by u.user_name)
    from identity.scim_member m join identity.scim_user u using (user_id) where m.group_id = g.group_id), '[]') as members`

export function createScimGroupStore(db: Db): ScimGroupStore {
  return {
    async list(tenant, { groupId, displayName } = {}) {
      const { rows } = await db.within(tenant).query<ScimGroupRow>(
        `select ${COLUMNS} from identity.scim_group g
         where g.tenant = $1 and ($2::uuid is null or g.group_id = $2)
           and ($3::text is null or lower(g.display_name) = lower($3))
         order by g.created_at, g.group_id`,
        [tenant, groupId ?? null, displayName ?? null],
      )
      return rows
    },
    async add({ groupId, tenant, displayName, externalId, createdAt, modifiedAt }, most) {
      const { rowCount } = await db.within(tenant).query(
        `insert into identity.scim_group (group_id, tenant, display_name, external_id, created_at, modified_at)
         select $1, $2, $3, $4, $5, $6 where (select count(*) from identity.scim_group where tenant = $2) < $7`,
        [groupId, tenant, displayName, externalId, createdAt, modifiedAt, most],
      )
      return rowCount === 1
    },
    async update({ groupId, tenant, displayName, externalId, modifiedAt }) {
      await db.within(tenant).query(
        `update identity.scim_group set display_name = $3, external_id = $4, modified_at = $5
         where tenant = $1 and group_id = $2`,
        [tenant, groupId, displayName, externalId, modifiedAt],
      )
    },
    async setRole(tenant, groupId, role) {
      await db
        .within(tenant)
        .query('update identity.scim_group set role = $3 where tenant = $1 and group_id = $2', [tenant, groupId, role])
    },
    async remove(tenant, groupId) {
      await db
        .within(tenant)
        .query('delete from identity.scim_group where tenant = $1 and group_id = $2', [tenant, groupId])
    },
    async known(tenant, userIds) {
      const { rows } = await db
        .within(tenant)
        .query<{ userId: string }>(
          'select user_id as "userId" from identity.scim_user where tenant = $1 and user_id = any($2::uuid[])',
          [tenant, userIds],
        )
      return new Set(rows.map(({ userId }) => userId))
    },
    async setMembers(tenant, groupId, userIds) {
      await db.within(tenant).transaction(async (tx) => {
        await tx.query(
          'delete from identity.scim_member where tenant = $1 and group_id = $2 and user_id <> all($3::uuid[])',
          [tenant, groupId, userIds],
        )
        await tx.query(
          `insert into identity.scim_member (tenant, group_id, user_id) select $1, $2, unnest($3::uuid[])
           on conflict do nothing`,
          [tenant, groupId, userIds],
        )
      })
    },
  }
}
