import type { Db } from '@azora/base/db'
import { type CustomRole, type CustomRoleName, GivenRight } from '@azora/contracts'

/** A role as the database holds it. */
export interface CustomRoleRow {
  name: CustomRoleName
  says: string
  may: string[]
  agents: string[] | null
  own: boolean
}

export interface StoredRole {
  role: CustomRole
  createdBy: string
  createdAt: Date
}

export interface CustomRoleStore {
  /** In the order of their names. */
  list(tenant: string): Promise<StoredRole[]>
  get(tenant: string, name: CustomRoleName): Promise<StoredRole | undefined>
  add(tenant: string, role: CustomRole, createdBy: string): Promise<StoredRole>
  /** Nothing happens while somebody has it. */
  remove(tenant: string, name: CustomRoleName): Promise<void>
  /** Who has it: principals, then groups of the identity provider. At most five. */
  holders(tenant: string, name: CustomRoleName): Promise<string[]>
}

const COLUMNS = 'name, says, may, agents, own, created_by as "createdBy", created_at as "createdAt"'

/** Roles of their own that the principal in `c` has, as JSON; null when there is none. */
export const CUSTOM_OF_C = `(select json_agg(json_build_object(
    'name', r.name, 'says', r.says, 'may', r.may, 'agents', r.agents, 'own', r.own) order by r.name)
  from identity.role r where r.tenant = c.tenant and r.name = any(c.roles)) as custom`

/** Needs the schema that `createCredentialStore` makes. */
export function createCustomRoleStore(db: Db): CustomRoleStore {
  return {
    async list(tenant) {
      const { rows } = await db
        .within(tenant)
        .query<StoredRow>(`select ${COLUMNS} from identity.role where tenant = $1 order by name`, [tenant])
      return rows.map(storedOf)
    },
    async get(tenant, name) {
      const { rows } = await db
        .within(tenant)
        .query<StoredRow>(`select ${COLUMNS} from identity.role where tenant = $1 and name = $2`, [tenant, name])
      return rows[0] && storedOf(rows[0])
    },
    async add(tenant, { name, says, may, agents, own }, createdBy) {
      const { rows } = await db.within(tenant).query<StoredRow>(
        `insert into identity.role (tenant, name, says, may, agents, own, created_by)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
        [tenant, name, says, may, agents ?? null, own ?? false, createdBy],
      )
      return storedOf(rows[0] as StoredRow)
    },
    async remove(tenant, name) {
      await db.within(tenant).query(
        `delete from identity.role where tenant = $1 and name = $2
           and not exists (select from identity.credential where tenant = $1 and $2 = any(roles))
           and not exists (select from identity.scim_group where tenant = $1 and role = $2)`,
        [tenant, name],
      )
    },
    async holders(tenant, name) {
      const { rows } = await db.within(tenant).query<{ holder: string }>(
        `select principal as holder from identity.credential where tenant = $1 and $2 = any(roles)
         union all select 'the group ' || display_name from identity.scim_group where tenant = $1 and role = $2
         limit 5`,
        [tenant, name],
      )
      return rows.map(({ holder }) => holder)
    },
  }
}

/** A right that is none any more allows nothing. */
export const customRoleOf = ({ name, says, may, agents, own }: CustomRoleRow): CustomRole => ({
  name,
  says,
  may: may.filter((right): right is GivenRight => GivenRight.safeParse(right).success),
  ...(agents && { agents }),
  ...(own && { own }),
})

interface StoredRow extends CustomRoleRow {
  createdBy: string
  createdAt: Date
}

const storedOf = ({ createdBy, createdAt, ...row }: StoredRow): StoredRole => ({
  role: customRoleOf(row),
  createdBy,
  createdAt,
})
