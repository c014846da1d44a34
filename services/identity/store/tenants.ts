import type { Db } from '@azora/base/db'
import type { Principal } from '../principal.ts'
import { replaceIn } from './credentials.ts'

export interface TenantRow {
  name: string
  createdAt: Date
  /** Null while it is active. */
  suspendedAt: Date | null
}

export interface TenantStore {
  /** In the order of their names. */
  all(): Promise<TenantRow[]>
  /** A tenant with who administers it, both or neither. */
  add(name: string, admin: Principal, tokenHash: Buffer): Promise<TenantRow>
  suspend(name: string, suspended: boolean): Promise<TenantRow>
}

const COLUMNS = 'name, created_at as "createdAt", suspended_at as "suspendedAt"'

/** Needs the schema that `createCredentialStore` makes. */
export function createTenantStore(db: Db): TenantStore {
  return {
    async all() {
      const { rows } = await db.query<TenantRow>(`select ${COLUMNS} from identity.tenant order by name`)
      return rows
    },
    add: (name, admin, tokenHash) =>
      db.transaction(async (tx) => {
        const { rows } = await tx.query<TenantRow>(
          `insert into identity.tenant (name) values ($1) returning ${COLUMNS}`,
          [name],
        )
        await replaceIn(tx, tokenHash, admin)
        return rows[0] as TenantRow
      }),
    async suspend(name, suspended) {
      const { rows } = await db.query<TenantRow>(
        `update identity.tenant set suspended_at = case when $2 then coalesce(suspended_at, now()) end
         where name = $1 returning ${COLUMNS}`,
        [name, suspended],
      )
      return rows[0] as TenantRow
    },
  }
}
