import type { Db } from '@azora/base/db'

export interface DeviceRow {
  userCode: string
  device: string
  address: string
  askedAt: Date
  expiresAt: Date
  /** Null until somebody decides. */
  decision: 'approve' | 'deny' | null
  tenant: string | null
  principal: string | null
}

export interface DeviceStore {
  /** False when too many wait, or the user code is taken. */
  add(codeHash: Buffer, row: DeviceRow, max: number): Promise<boolean>
  /** One that waits for a decision, as somebody of the tenant finds it. */
  waiting(tenant: string, userCode: string, nowMs: number): Promise<DeviceRow | undefined>
  /** The first decision counts; false when there is one. */
  decide(
    userCode: string,
    decision: 'approve' | 'deny',
    by: { tenant: string; id: string },
    nowMs: number,
  ): Promise<boolean>
  /** Notes that the token is asked for; `soon` when it was less than `intervalMs` ago. */
  ask(codeHash: Buffer, nowMs: number, intervalMs: number): Promise<(DeviceRow & { soon: boolean }) | undefined>
  /** Takes what was decided, so that nobody else can. */
  take(codeHash: Buffer): Promise<boolean>
  /** Forgets what the principal has decided. */
  forget(tenant: string, principal: string): Promise<void>
}

const COLUMNS =
  'user_code as "userCode", device, address, asked_at as "askedAt", expires_at as "expiresAt", decision, tenant, principal'

export function createDeviceStore(db: Db): DeviceStore {
  return {
    async add(codeHash, { userCode, device, address, askedAt, expiresAt }, max) {
      await db.query('delete from identity.device_grant where expires_at <= $1', [askedAt])
      const { rowCount } = await db.query(
        `insert into identity.device_grant (code_hash, user_code, device, address, asked_at, expires_at)
         select $1, $2, $3, $4, $5, $6 where (select count(*) from identity.device_grant) < $7
         on conflict do nothing`,
        [codeHash, userCode, device, address, askedAt, expiresAt, max],
      )
      return rowCount === 1
    },
    async waiting(tenant, userCode, nowMs) {
      const { rows } = await db
        .within(tenant)
        .query<DeviceRow>(
          `select ${COLUMNS} from identity.device_grant where user_code = $1 and decision is null and expires_at > $2`,
          [userCode, new Date(nowMs)],
        )
      return rows[0]
    },
    async decide(userCode, decision, { tenant, id }, nowMs) {
      const { rowCount } = await db.within(tenant).query(
        `update identity.device_grant set decision = $2, tenant = $3, principal = $4
         where user_code = $1 and decision is null and expires_at > $5`,
        [userCode, decision, tenant, id, new Date(nowMs)],
      )
      return rowCount === 1
    },
    async ask(codeHash, nowMs, intervalMs) {
      const { rows } = await db.query<DeviceRow & { soon: boolean }>(
        `update identity.device_grant as new set asked_token_at = $2
         from (select code_hash, coalesce(asked_token_at > $3, false) as soon from identity.device_grant
               where code_hash = $1 and expires_at > $2 for update) as old
         where new.code_hash = old.code_hash returning ${COLUMNS}, old.soon`,
        [codeHash, new Date(nowMs), new Date(nowMs - intervalMs)],
      )
      return rows[0]
    },
    async take(codeHash) {
      const { rowCount } = await db.query('delete from identity.device_grant where code_hash = $1', [codeHash])
      return rowCount === 1
    },
    async forget(tenant, principal) {
      await db
        .within(tenant)
        .query('delete from identity.device_grant where tenant = $1 and principal = $2', [tenant, principal])
    },
  }
}
