import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import { SecretPlace } from '@azora/contracts'
import type { Envelope } from '../envelope.ts'
import type { Secret, Version } from '../secret.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))
const SECRETS_MAX = 10_000

export interface SecretStore {
  /** Every secret of every tenant, with its versions from the oldest on. */
  all(): Promise<Secret[]>
  insert(secret: Secret, version: Version, envelope: Envelope): Promise<void>
  addVersion(tenant: string, name: string, version: Version, envelope: Envelope): Promise<void>
  /** The values are gone with it: what was revoked can't be read again. */
  revoke(tenant: string, name: string, versions: readonly number[]): Promise<void>
  remove(tenant: string, name: string): Promise<void>
  envelope(tenant: string, name: string, version: number): Promise<Envelope | undefined>
}

/** Postgres schema `secrets`. */
export async function createSecretStore(db: Db): Promise<SecretStore> {
  await migrate(db, 'secrets', MIGRATIONS)
  return {
    async all() {
      const { rows } = await db.query<SecretRow>(
        `select s.*, v.version, v.key_id, v.created_at as version_at, v.expires_at, v.revoked
         from secrets.secret s join secrets.version v using (tenant, name)
         order by s.tenant, s.name, v.version limit $1`,
        [SECRETS_MAX * 10],
      )
      const found = new Map<string, Secret>()
      for (const row of rows) {
        const key = `${row.tenant}/${row.name}`
        const secret = found.get(key) ?? secretOf(row)
        secret.versions.push(versionOf(row))
        found.set(key, secret)
      }
      return [...found.values()]
    },
    async insert(secret, version, envelope) {
      await db.within(secret.tenant).transaction(async (tx) => {
        await tx.query(
          `insert into secrets.secret (tenant, name, hosts, place, environment, lease_ms, created_at, created_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            secret.tenant,
            secret.name,
            secret.hosts,
            JSON.stringify(secret.place),
            secret.environment,
            secret.leaseMs,
            secret.createdAt,
            secret.createdBy,
          ],
        )
        await insertVersion(tx, secret.tenant, secret.name, version, envelope)
      })
    },
    addVersion: (tenant, name, version, envelope) => insertVersion(db.within(tenant), tenant, name, version, envelope),
    async revoke(tenant, name, versions) {
      await db.within(tenant).query(
        `update secrets.version set revoked = true, wrapped_key = '', ciphertext = ''
         where tenant = $1 and name = $2 and version = any($3)`,
        [tenant, name, versions],
      )
    },
    async remove(tenant, name) {
      await db.within(tenant).query('delete from secrets.secret where tenant = $1 and name = $2', [tenant, name])
    },
    async envelope(tenant, name, version) {
      const { rows } = await db.within(tenant).query<{ key_id: string; wrapped_key: Buffer; ciphertext: Buffer }>(
        `select key_id, wrapped_key, ciphertext from secrets.version
         where tenant = $1 and name = $2 and version = $3 and not revoked`,
        [tenant, name, version],
      )
      return rows[0] && { keyId: rows[0].key_id, wrappedKey: rows[0].wrapped_key, ciphertext: rows[0].ciphertext }
    },
  }
}

async function insertVersion(
  db: Pick<Db, 'query'>,
  tenant: string,
  name: string,
  { version, createdAt, expiresAt }: Version,
  { keyId, wrappedKey, ciphertext }: Envelope,
): Promise<void> {
  await db.query(
    `insert into secrets.version (tenant, name, version, key_id, wrapped_key, ciphertext, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tenant, name, version, keyId, wrappedKey, ciphertext, createdAt, expiresAt ?? null],
  )
}

interface SecretRow {
  tenant: string
  name: string
  hosts: string[]
  place: unknown
  environment: boolean
  lease_ms: number
  created_at: Date
  created_by: string
  version: number
  key_id: string
  version_at: Date
  expires_at: Date | null
  revoked: boolean
}

const secretOf = (row: SecretRow): Secret => ({
  tenant: row.tenant,
  name: row.name,
  hosts: row.hosts,
  place: SecretPlace.parse(row.place),
  environment: row.environment,
  leaseMs: row.lease_ms,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  versions: [],
})

const versionOf = ({ version, key_id: keyId, version_at, expires_at, revoked }: SecretRow): Version => ({
  version,
  keyId,
  createdAt: version_at.toISOString(),
  ...(expires_at && { expiresAt: expires_at.toISOString() }),
  revoked,
})
