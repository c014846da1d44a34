import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import type { Principal } from '../principal.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

export interface CredentialStore {
  find(tokenHash: Buffer): Promise<Principal | undefined>
  /** Makes this the principal's only credential. */
  replace(tokenHash: Buffer, principal: Principal): Promise<void>
}

/** Postgres schema `identity`. */
export async function createCredentialStore(db: Db): Promise<CredentialStore> {
  await migrate(db, 'identity', MIGRATIONS)
  return {
    async find(tokenHash) {
      const { rows } = await db.query<{ principal: string; tenant: string; roles: Principal['roles'] }>(
        'select principal, tenant, roles from identity.credential where token_hash = $1',
        [tokenHash],
      )
      return rows[0] && { id: rows[0].principal, tenant: rows[0].tenant, roles: rows[0].roles }
    },
    async replace(tokenHash, principal) {
      await db.transaction(async (tx) => {
        await tx.query('delete from identity.credential where principal = $1 and token_hash <> $2', [
          principal.id,
          tokenHash,
        ])
        await tx.query(
          `insert into identity.credential (token_hash, principal, tenant, roles) values ($1, $2, $3, $4)
           on conflict (token_hash) do update set principal = excluded.principal, tenant = excluded.tenant, roles = excluded.roles`,
          [tokenHash, principal.id, principal.tenant, principal.roles],
        )
      })
    },
  }
}
