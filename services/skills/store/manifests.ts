import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import type { JsonObject } from '@azora/contracts'
import type { Kind } from '../offers.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))

export interface ManifestKey {
  kind: Kind
  id: string
  version: string
}

export interface ManifestStore {
  /** Keeps the manifest unless the version exists; resolves with the digest that is kept. */
  keep(key: ManifestKey, digest: string, manifest: unknown): Promise<string>
  /** Every version that was ever kept. */
  all(): Promise<Array<ManifestKey & { manifest: unknown }>>
  read(key: ManifestKey): Promise<JsonObject | undefined>
}

/** Postgres schema `skills`. */
export async function createManifestStore(db: Db): Promise<ManifestStore> {
  await migrate(db, 'skills', MIGRATIONS)
  return {
    async keep({ kind, id, version }, digest, manifest) {
      await db.query(
        'insert into skills.manifest (kind, id, version, digest, manifest) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [kind, id, version, digest, JSON.stringify(manifest)],
      )
      const { rows } = await db.query<{ digest: string }>(
        'select digest from skills.manifest where kind = $1 and id = $2 and version = $3',
        [kind, id, version],
      )
      return rows[0]?.digest ?? digest
    },
    async all() {
      const { rows } = await db.query<ManifestKey & { manifest: unknown }>(
        'select kind, id, version, manifest from skills.manifest',
      )
      return rows
    },
    async read({ kind, id, version }) {
      const { rows } = await db.query<{ manifest: JsonObject }>(
        'select manifest from skills.manifest where kind = $1 and id = $2 and version = $3',
        [kind, id, version],
      )
      return rows[0]?.manifest
    },
  }
}
