import { createHmac, timingSafeEqual } from 'node:crypto'
import { AzoraError, type Clock, uuidv7 } from '@azora/base'
import type { SessionEnd, SessionView, SignInMethod } from '@azora/contracts'
import type { Principal } from '../principal.ts'
import { hashOf, newSecret } from '../secret-text.ts'
import type { SessionRow, SessionStore } from '../store/sessions.ts'
import type { RecordSignIn } from './record.ts'

/** How long sessions live, in milliseconds. */
export interface SessionLimits {
  /** Without being used. */
  idleMs: number
  absoluteMs: number
}

export interface StartedSession {
  /** The only secret; nobody can read it again. */
  secret: string
  session: SessionView
}

/** Who is signed in. What starts and ends a session is on record before it holds. */
export interface Sessions {
  start(principal: Pick<Principal, 'id' | 'tenant'>, method: SignInMethod): Promise<StartedSession>
  /** Whose live session this is; undefined when it is none. */
  find(secret: string): Promise<{ session: SessionView; tenant: string } | undefined>
  /** Live sessions, the newest first. */
  list(tenant: string, principal?: string): Promise<SessionView[]>
  isLive(tenant: string, sessionId: string): Promise<boolean>
  /** A live one. Throws `session_not_found`. */
  get(tenant: string, sessionId: string): Promise<SessionView>
  end(
    caller: Pick<Principal, 'id' | 'tenant'>,
    session: Pick<SessionView, 'sessionId' | 'principal'>,
    reason: SessionEnd,
  ): Promise<void>
  /** Ends all sessions and unused links of a principal; answers how many sessions were live. */
  endAll(caller: Pick<Principal, 'id' | 'tenant'>, principal: string, reason: SessionEnd): Promise<number>
  /** A secret that signs somebody in once, within minutes. */
  createCode(principal: Pick<Principal, 'id' | 'tenant'>): Promise<{ code: string; expiresAtMs: number }>
  /** Who the code was for; it is used up. Undefined when there is none that still holds. */
  takeCode(code: string): Promise<{ tenant: string; principal: string } | undefined>
}

export const SESSION_LIMITS: SessionLimits = { idleMs: 8 * 3_600_000, absoluteMs: 7 * 86_400_000 }

const SECRET = /^azs_[A-Za-z0-9_-]{43}$/
const CODE = /^azl_[A-Za-z0-9_-]{43}$/
const CODE_MS = 5 * 60_000
/** So often at most a use is noted. */
const TOUCH_MS = 60_000

export const isSessionSecret = (text: string): boolean => SECRET.test(text)

export function createSessions(deps: {
  store: SessionStore
  record: RecordSignIn
  limits: SessionLimits
  clock: Clock
}): Sessions {
  const { store, record, limits, clock } = deps
  const viewOf = sessionViewWith(limits)
  return {
    async start({ id, tenant }, method) {
      const now = clock.now()
      const secret = newSecret('azs_')
      const expiresAt = new Date(now + limits.absoluteMs)
      const row: SessionRow = {
        sessionId: uuidv7(now),
        tenant,
        principal: id,
        method,
        startedAt: new Date(now),
        usedAt: new Date(now),
        expiresAt,
      }
      const { sessionId } = row
      const payload = { sessionId, principal: id, method, expiresAt: expiresAt.toISOString() }
      await record({ kind: 'session.started', tenant, actor: id, payload })
      await store.add(hashOf(secret), row)
      await store.prune(now)
      return { secret, session: viewOf(row) }
    },
    async find(secret) {
      if (!isSessionSecret(secret)) return undefined
      const now = clock.now()
      const row = await store.find(hashOf(secret), now, limits.idleMs)
      if (!row) return undefined
      if (now - row.usedAt.getTime() >= TOUCH_MS) await store.touch(row.sessionId, now)
      return { session: viewOf(row), tenant: row.tenant }
    },
    list: async (tenant, principal) => (await store.list(tenant, principal, clock.now(), limits.idleMs)).map(viewOf),
    isLive: async (tenant, sessionId) => (await store.get(tenant, sessionId, clock.now(), limits.idleMs)) !== undefined,
    async get(tenant, sessionId) {
      const row = await store.get(tenant, sessionId, clock.now(), limits.idleMs)
      if (row) return viewOf(row)
      throw new AzoraError('missing', 'session_not_found', `there is no session ${sessionId}`, {
        remedy: 'List them: azora identity sessions list',
      })
    },
    async end({ id: actor, tenant }, { principal, sessionId }, reason) {
      await record({ kind: 'session.ended', tenant, actor, payload: { principal, sessionId, reason } })
      await store.end(tenant, sessionId, clock.now())
    },
    async endAll({ id: actor, tenant }, principal, reason) {
      await record({ kind: 'session.ended', tenant, actor, payload: { principal, reason } })
      return store.endAll(tenant, principal, clock.now())
    },
    async createCode({ id, tenant }) {
      const code = newSecret('azl_')
      const expiresAtMs = clock.now() + CODE_MS
      await store.addCode(hashOf(code), { tenant, principal: id, expiresAtMs })
      return { code, expiresAtMs }
    },
    takeCode: async (code) => (CODE.test(code) ? store.takeCode(hashOf(code), clock.now()) : undefined),
  }
}

/**
 * What a page must send beside the cookie: another site can make a browser send the cookie, but can't read this.
 * Derived from the session's secret, so that nothing needs to be kept.
 */
export const csrfTokenOf = (secret: string): string =>
  createHmac('sha256', secret).update('azora.csrf.v1').digest('base64url')

export function isCsrfToken(secret: string, given: string): boolean {
  const wanted = Buffer.from(csrfTokenOf(secret))
  const got = Buffer.from(given)
  return wanted.length === got.length && timingSafeEqual(wanted, got)
}

const sessionViewWith =
  ({ idleMs }: SessionLimits) =>
  ({ sessionId, principal, method, startedAt, usedAt, expiresAt }: SessionRow): SessionView => ({
    sessionId,
    principal,
    method,
    startedAt: startedAt.toISOString(),
    usedAt: usedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    idleUntil: new Date(Math.min(usedAt.getTime() + idleMs, expiresAt.getTime())).toISOString(),
  })
