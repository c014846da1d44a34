import type { Db } from '@azora/base/db'
import type { DataKeyStore, WrappedKey } from '../payloads/port.ts'

interface KeyRow {
  id: string
  tenant: string
  kek: string
  wrapped: Buffer
  created_at: Date
}

/** Wrapped data keys in PostgreSQL; the journal's store has made the schema before. */
export function createDataKeyStore(db: Db): DataKeyStore {
  return {
    async all() {
      const { rows } = await db.query<KeyRow>(
        'select id, tenant, kek, wrapped, created_at from journal.data_key order by created_at, id',
      )
      return rows.map(({ created_at, ...key }): WrappedKey => ({ ...key, createdAt: created_at.toISOString() }))
    },
    async add({ id, tenant, kek, wrapped, createdAt }) {
      await db
        .within(tenant)
        .query('insert into journal.data_key (id, tenant, kek, wrapped, created_at) values ($1, $2, $3, $4, $5)', [
          id,
          tenant,
          kek,
          wrapped,
          createdAt,
        ])
    },
  }
}
