import type { Db } from '@azora/base/db'
import type { RoleName } from '@azora/contracts'
import { CUSTOM_OF_C, type CustomRoleRow } from './custom-roles.ts'

export interface ApiKeyRow {
  keyId: string
  tenant: string
  principal: string
  name: string
  scopes: string[]
  createdBy: string
  createdAt: Date
  /** When its secret was made. */
  issuedAt: Date
  expiresAt: Date
  usedAt: Date | null
  oldUntil: Date | null
  revokedAt: Date | null
}

/** A key that is not revoked, by its secret, and the principal that it belongs to at this moment. */
export interface FoundKey extends ApiKeyRow {
  roles: RoleName[]
  custom: CustomRoleRow[] | null
  signingKeys: string[]
  /** False for the secret before the last rotation. */
  isNewest: boolean
}

/** Times are milliseconds since 1970. */
export interface ApiKeyStore {
  /** False when the principal is gone. */
  add(secretHash: Buffer, key: ApiKeyRow): Promise<boolean>
  find(secretHash: Buffer): Promise<FoundKey | undefined>
  get(tenant: string, keyId: string): Promise<ApiKeyRow | undefined>
  /** The newest first; of one principal if named. */
  list(tenant: string, principal: string | undefined): Promise<ApiKeyRow[]>
  countLive(tenant: string, principal: string, nowMs: number): Promise<number>
  /** The secret before is accepted until then, if at all. False when the key was revoked or is gone. */
  rotate(
    tenant: string,
    keyId: string,
    secretHash: Buffer,
    times: { issuedAt: Date; expiresAt: Date; oldUntil: Date | undefined },
  ): Promise<boolean>
  /** Notes a use, unless one was noted less than `everyMs` before. */
  touch(tenant: string, keyId: string, nowMs: number, everyMs: number): Promise<void>
  revoke(tenant: string, keyId: string, nowMs: number): Promise<void>
  /** Answers how many there were. */
  revokeAll(tenant: string, principal: string, nowMs: number): Promise<number>
  /** Forgets keys that ended before then. */
  prune(endedBeforeMs: number): Promise<void>
}

const COLUMNS = `k.key_id as "keyId", k.tenant, k.principal, k.name, k.scopes, k.created_by as "createdBy",
  k.created_at as "createdAt", k.issued_at as "issuedAt", k.expires_at as "expiresAt", k.used_at as "usedAt",
  k.old_until as "oldUntil", k.revoked_at as "revokedAt"`
const LIST_MAX = 1_000

export function createApiKeyStore(db: Db): ApiKeyStore {
  return {
    async add(secretHash, { keyId, tenant, principal, name, scopes, createdBy, createdAt, issuedAt, expiresAt }) {
      // The lock makes a removal of the principal wait, which then takes this key too, or this wait for the removal.
      const { rowCount } = await db.within(tenant).query(
        `with owner as (
           select 1 from identity.credential where tenant = $3 and principal = $4 for key share)
         insert into identity.api_key
           (key_id, secret_hash, tenant, principal, name, scopes, created_by, created_at, issued_at, expires_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from owner`,
        [keyId, secretHash, tenant, principal, name, scopes, createdBy, createdAt, issuedAt, expiresAt],
      )
      return rowCount === 1
    },
    async find(secretHash) {
      const { rows } = await db.query<FoundKey>(
        `select ${COLUMNS}, ${CUSTOM_OF_C}, c.roles, c.keys as "signingKeys", k.secret_hash = $1 as "isNewest"
         from identity.api_key k join identity.credential c on c.tenant = k.tenant and c.principal = k.principal
         where (k.secret_hash = $1 or k.old_hash = $1) and k.revoked_at is null limit 1`,
        [secretHash],
        'identity.api_key.find',
      )
      return rows[0]
    },
    async get(tenant, keyId) {
      const { rows } = await db
        .within(tenant)
        .query<ApiKeyRow>(`select ${COLUMNS} from identity.api_key k where k.tenant = $1 and k.key_id = $2`, [
          tenant,
          keyId,
        ])
      return rows[0]
    },
    async list(tenant, principal) {
      const { rows } = await db.within(tenant).query<ApiKeyRow>(
        `select ${COLUMNS} from identity.api_key k
         where k.tenant = $1 and ($2::text is null or k.principal = $2)
         order by k.created_at desc, k.key_id desc limit ${LIST_MAX}`,
        [tenant, principal ?? null],
      )
      return rows
    },
    async countLive(tenant, principal, nowMs) {
      const { rows } = await db.within(tenant).query<{ count: number }>(
        `select count(*)::int as count from identity.api_key
         where tenant = $1 and principal = $2 and revoked_at is null and expires_at > $3`,
        [tenant, principal, new Date(nowMs)],
      )
      return rows[0]?.count ?? 0
    },
    async rotate(tenant, keyId, secretHash, { issuedAt, expiresAt, oldUntil }) {
      const { rowCount } = await db.within(tenant).query(
        `update identity.api_key
         set old_hash = case when $5::timestamptz is null then null else secret_hash end, old_until = $5,
           secret_hash = $2, issued_at = $3, expires_at = $4
         where key_id = $1 and tenant = $6 and revoked_at is null`,
        [keyId, secretHash, issuedAt, expiresAt, oldUntil ?? null, tenant],
      )
      return rowCount === 1
    },
    async touch(tenant, keyId, nowMs, everyMs) {
      await db.within(tenant).query(
        `update identity.api_key set used_at = $2
         where key_id = $1 and tenant = $4 and (used_at is null or used_at <= $3)`,
        [keyId, new Date(nowMs), new Date(nowMs - everyMs), tenant],
      )
    },
    async revoke(tenant, keyId, nowMs) {
      await db
        .within(tenant)
        .query('update identity.api_key set revoked_at = $3 where tenant = $1 and key_id = $2 and revoked_at is null', [
          tenant,
          keyId,
          new Date(nowMs),
        ])
    },
    async revokeAll(tenant, principal, nowMs) {
      const { rowCount } = await db
        .within(tenant)
        .query(
          'update identity.api_key set revoked_at = $3 where tenant = $1 and principal = $2 and revoked_at is null',
          [tenant, principal, new Date(nowMs)],
        )
      return rowCount
    },
    async prune(endedBeforeMs) {
      await db.query('delete from identity.api_key where expires_at <= $1 or revoked_at <= $1', [
        new Date(endedBeforeMs),
      ])
    },
  }
}
