import type { Db } from '@azora/base/db'
import type { SignInMethod } from '@azora/contracts'

export interface SessionRow {
  sessionId: string
  tenant: string
  principal: string
  method: SignInMethod
  startedAt: Date
  usedAt: Date
  expiresAt: Date
}

/** Sessions and one-time codes. Times are milliseconds since 1970. */
export interface SessionStore {
  add(secretHash: Buffer, session: SessionRow): Promise<void>
  /** One that has neither ended nor expired. */
  find(secretHash: Buffer, nowMs: number, idleMs: number): Promise<SessionRow | undefined>
  touch(sessionId: string, nowMs: number): Promise<void>
  /** Live ones, the newest first; of one principal if named. */
  list(tenant: string, principal: string | undefined, nowMs: number, idleMs: number): Promise<SessionRow[]>
  /** A live one. */
  get(tenant: string, sessionId: string, nowMs: number, idleMs: number): Promise<SessionRow | undefined>
  end(tenant: string, sessionId: string, nowMs: number): Promise<void>
  /** Ends all of a principal; answers how many were live. */
  endAll(tenant: string, principal: string, nowMs: number): Promise<number>
  addCode(codeHash: Buffer, code: { tenant: string; principal: string; expiresAtMs: number }): Promise<void>
  /** Takes a code, so that nobody else can; undefined when there is none that still holds. */
  takeCode(codeHash: Buffer, nowMs: number): Promise<{ tenant: string; principal: string } | undefined>
  /** Forgets what can't be used any more. */
  prune(nowMs: number): Promise<void>
}

const COLUMNS = `session_id as "sessionId", tenant, principal, method, started_at as "startedAt", used_at as "usedAt",
  expires_at as "expiresAt"`
const LIST_MAX = 1_000
const KEPT_MS = 7 * 86_400_000

export function createSessionStore(db: Db): SessionStore {
  return {
    async add(secretHash, { sessionId, tenant, principal, method, startedAt, usedAt, expiresAt }) {
      await db.within(tenant).query(
        `insert into identity.session (session_id, secret_hash, tenant, principal, method, started_at, used_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [sessionId, secretHash, tenant, principal, method, startedAt, usedAt, expiresAt],
      )
    },
    async find(secretHash, nowMs, idleMs) {
      const { rows } = await db.query<SessionRow>(
        `select ${COLUMNS} from identity.session
         where secret_hash = $1 and ended_at is null and expires_at > $2 and used_at > $3`,
        [secretHash, new Date(nowMs), new Date(nowMs - idleMs)],
        'identity.session.find',
      )
      return rows[0]
    },
    async touch(sessionId, nowMs) {
      await db.query('update identity.session set used_at = $2 where session_id = $1', [sessionId, new Date(nowMs)])
    },
    async list(tenant, principal, nowMs, idleMs) {
      const { rows } = await db.within(tenant).query<SessionRow>(
        `select ${COLUMNS} from identity.session
         where tenant = $1 and ($2::text is null or principal = $2) and ended_at is null and expires_at > $3 and used_at > $4
         order by started_at desc limit ${LIST_MAX}`,
        [tenant, principal ?? null, new Date(nowMs), new Date(nowMs - idleMs)],
      )
      return rows
    },
    async get(tenant, sessionId, nowMs, idleMs) {
      const { rows } = await db.within(tenant).query<SessionRow>(
        `select ${COLUMNS} from identity.session
         where tenant = $1 and session_id = $2 and ended_at is null and expires_at > $3 and used_at > $4`,
        [tenant, sessionId, new Date(nowMs), new Date(nowMs - idleMs)],
      )
      return rows[0]
    },
    async end(tenant, sessionId, nowMs) {
      await db
        .within(tenant)
        .query('update identity.session set ended_at = $3 where tenant = $1 and session_id = $2 and ended_at is null', [
          tenant,
          sessionId,
          new Date(nowMs),
        ])
    },
    async endAll(tenant, principal, nowMs) {
      return db.within(tenant).transaction(async (tx) => {
        const { rowCount } = await tx.query(
          'update identity.session set ended_at = $3 where tenant = $1 and principal = $2 and ended_at is null',
          [tenant, principal, new Date(nowMs)],
        )
        await tx.query('delete from identity.sign_in_code where tenant = $1 and principal = $2', [tenant, principal])
        return rowCount
      })
    },
    async addCode(codeHash, { tenant, principal, expiresAtMs }) {
      await db
        .within(tenant)
        .query('insert into identity.sign_in_code (code_hash, tenant, principal, expires_at) values ($1, $2, $3, $4)', [
          codeHash,
          tenant,
          principal,
          new Date(expiresAtMs),
        ])
    },
    async takeCode(codeHash, nowMs) {
      const { rows } = await db.query<{ tenant: string; principal: string }>(
        'delete from identity.sign_in_code where code_hash = $1 and expires_at > $2 returning tenant, principal',
        [codeHash, new Date(nowMs)],
      )
      return rows[0]
    },
    async prune(nowMs) {
      await db.query('delete from identity.sign_in_code where expires_at <= $1', [new Date(nowMs)])
      await db.query('delete from identity.session where expires_at <= $1 or ended_at <= $1', [
        new Date(nowMs - KEPT_MS),
      ])
    },
  }
}
