import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import type { Principal } from '../principal.ts'
import { CUSTOM_OF_C, type CustomRoleRow, customRoleOf } from './custom-roles.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

export interface CredentialStore {
  find(tokenHash: Buffer): Promise<Principal | undefined>
  /** Makes this the principal's only credential. */
  replace(tokenHash: Buffer, principal: Principal): Promise<void>
  get(tenant: string, id: string): Promise<Principal | undefined>
  /** In the order of their ids. */
  list(tenant: string): Promise<Principal[]>
  setRoles(tenant: string, id: string, roles: Principal['roles']): Promise<void>
  /** Nothing happens when they have one. */
  addKey(tenant: string, id: string, key: string): Promise<void>
  remove(tenant: string, id: string): Promise<void>
}

/** Postgres schema `identity`. */
export async function createCredentialStore(db: Db): Promise<CredentialStore> {
  await migrate(db, 'identity', MIGRATIONS)
  return {
    async find(tokenHash) {
      const { rows } = await db.query<CredentialRow>(
        `select ${COLUMNS} from identity.credential c where token_hash = $1`,
        [tokenHash],
      )
      return rows[0] && principalOf(rows[0])
    },
    async replace(tokenHash, principal) {
      await db.within(principal.tenant).transaction((tx) => replaceIn(tx, tokenHash, principal))
    },
    async get(tenant, id) {
      const { rows } = await db
        .within(tenant)
        .query<CredentialRow>(
          `select ${COLUMNS} from identity.credential c where tenant = $1 and principal = $2 limit 1`,
          [tenant, id],
          'identity.credential.get',
        )
      return rows[0] && principalOf(rows[0])
    },
    async list(tenant) {
      const { rows } = await db
        .within(tenant)
        .query<CredentialRow>(
          `select ${COLUMNS} from identity.credential c where tenant = $1 order by principal limit $2`,
          [tenant, LIST_MAX],
        )
      return rows.map(principalOf)
    },
    async setRoles(tenant, id, roles) {
      await db
        .within(tenant)
        .query('update identity.credential set roles = $3 where tenant = $1 and principal = $2', [tenant, id, roles])
    },
    async addKey(tenant, id, key) {
      await db
        .within(tenant)
        .query("update identity.credential set keys = array[$3] where tenant = $1 and principal = $2 and keys = '{}'", [
          tenant,
          id,
          key,
        ])
    },
    async remove(tenant, id) {
      await db.within(tenant).transaction(async (tx) => {
        await tx.query('delete from identity.credential where tenant = $1 and principal = $2', [tenant, id])
        // Whoever gets the name next must not find keys that were made meanwhile.
        await tx.query('delete from identity.api_key where tenant = $1 and principal = $2', [tenant, id])
      })
    },
  }
}

/** Makes this the principal's only credential. */
export async function replaceIn(
  tx: Pick<Db, 'query'>,
  tokenHash: Buffer,
  { id, tenant, roles, keys }: Principal,
): Promise<void> {
  await tx.query('delete from identity.credential where tenant = $1 and principal = $2 and token_hash <> $3', [
    tenant,
    id,
    tokenHash,
  ])
  await tx.query(
    `insert into identity.credential (token_hash, principal, tenant, roles, keys) values ($1, $2, $3, $4, $5)
     on conflict (token_hash) do update set principal = excluded.principal, tenant = excluded.tenant,
       roles = excluded.roles, keys = excluded.keys`,
    [tokenHash, id, tenant, roles, keys],
  )
}

const LIST_MAX = 1_000
const COLUMNS = `principal, tenant, roles, keys, ${CUSTOM_OF_C}`

interface CredentialRow {
  principal: string
  tenant: string
  roles: Principal['roles']
  keys: string[]
  custom: CustomRoleRow[] | null
}

const principalOf = ({ principal: id, custom, ...rest }: CredentialRow): Principal => ({
  id,
  ...rest,
  ...(custom && { custom: custom.map(customRoleOf) }),
})
