import { AzoraError, type Clock, timestamp, uuidv7 } from '@azora/base'
import { type KeyIssued, KeyScope, type KeyView, type NewKey, type RotateKey } from '@azora/contracts'
import type { z } from 'zod'
import type { Identity } from '../identity.ts'
import { may } from '../permissions/permissions.ts'
import type { Principal } from '../principal.ts'
import { hashOf, newSecret } from '../secret-text.ts'
import type { RecordSignIn } from '../sign-in/record.ts'
import type { ApiKeyRow, ApiKeyStore } from '../store/api-keys.ts'
import type { KeyLookup } from './lookup.ts'
import { requireMayHold } from './rules.ts'

/** What programs come in with. What makes, changes and ends a key is on record before it holds. */
export interface ApiKeys {
  /** Throws `principal_not_found`, `key_owner_unsuitable`, `key_scope_exceeded`, `keys_too_many`. */
  create(actor: Principal, request: z.output<typeof NewKey>): Promise<KeyIssued>
  /** Those that one may see, the newest first. */
  list(actor: Principal): Promise<KeyView[]>
  /** One that one may see. Throws `key_not_found`. */
  get(actor: Principal, keyId: string): Promise<KeyView>
  /** Throws `key_not_found`, `key_ended` and as `create` does. */
  rotate(actor: Principal, keyId: string, request: z.output<typeof RotateKey>): Promise<KeyIssued>
  /** Throws `key_not_found`. */
  revoke(actor: Principal, keyId: string): Promise<void>
  /** Ends all of a principal that is being removed. */
  revokeAll(actor: Pick<Principal, 'id' | 'tenant'>, principal: string): Promise<void>
}

const LIVE_MAX = 100
const DAY_MS = 86_400_000
/** So long one still sees keys that have ended. */
const KEPT_MS = 30 * DAY_MS

export function createApiKeys(deps: {
  store: ApiKeyStore
  lookup: Pick<KeyLookup, 'forget'>
  identity: Pick<Identity, 'find'>
  record: RecordSignIn
  clock: Clock
}): ApiKeys {
  const { store, lookup, identity, record, clock } = deps

  async function ownerOf(actor: Principal, id: string): Promise<Principal> {
    if (id === actor.id) return actor
    const owner = await identity.find(actor.tenant, id)
    if (owner) return owner
    throw new AzoraError('missing', 'principal_not_found', `there is no ${id}`)
  }

  async function visible(actor: Principal, keyId: string): Promise<ApiKeyRow> {
    const row = await store.get(actor.tenant, keyId)
    if (row && (row.principal === actor.id || may(actor, 'key.administer'))) return row
    throw new AzoraError('missing', 'key_not_found', `there is no key ${keyId}`)
  }

  return {
    async create(actor, { name, scopes: asked, principal: id = actor.id, expiresInDays }) {
      const owner = await ownerOf(actor, id)
      const scopes = [...new Set(asked)].sort()
      requireMayHold(actor, owner, scopes)
      const now = clock.now()
      await store.prune(now - KEPT_MS)
      if ((await store.countLive(actor.tenant, id, now)) >= LIVE_MAX)
        throw new AzoraError('conflict', 'keys_too_many', `${id} has ${LIVE_MAX} keys, more than that may not`)
      const row: ApiKeyRow = {
        keyId: uuidv7(now),
        tenant: actor.tenant,
        principal: id,
        name,
        scopes,
        createdBy: actor.id,
        createdAt: new Date(now),
        issuedAt: new Date(now),
        expiresAt: new Date(now + expiresInDays * DAY_MS),
        usedAt: null,
        oldUntil: null,
        revokedAt: null,
      }
      const view = viewOf(row, now)
      const { keyId, expiresAt } = view
      const payload = { keyId, principal: id, name, scopes, expiresAt }
      await record({ kind: 'key.created', tenant: actor.tenant, actor: actor.id, payload })
      const key = newSecret('azk_')
      if (await store.add(hashOf(key), row)) return { ...view, key }
      throw new AzoraError('missing', 'principal_not_found', `there is no ${id} any more`)
    },
    async list(actor) {
      const rows = await store.list(actor.tenant, may(actor, 'key.administer') ? undefined : actor.id)
      return rows.map((row) => viewOf(row, clock.now()))
    },
    get: async (actor, keyId) => viewOf(await visible(actor, keyId), clock.now()),
    async rotate(actor, keyId, { overlapSeconds, expiresInDays }) {
      const row = await visible(actor, keyId)
      const now = clock.now()
      if (stateOf(row, now) !== 'active') throw ended(keyId)
      requireMayHold(actor, await ownerOf(actor, row.principal), scopesOf(row))
      const lifeMs = expiresInDays ? expiresInDays * DAY_MS : row.expiresAt.getTime() - row.issuedAt.getTime()
      const [issuedAt, expiresAt] = [new Date(now), new Date(now + lifeMs)]
      const oldUntil =
        overlapSeconds > 0 ? new Date(Math.min(now + overlapSeconds * 1_000, row.expiresAt.getTime())) : undefined
      const rotated: ApiKeyRow = { ...row, issuedAt, expiresAt, oldUntil: oldUntil ?? null }
      await record({
        kind: 'key.rotated',
        tenant: actor.tenant,
        actor: actor.id,
        payload: {
          keyId,
          principal: row.principal,
          expiresAt: timestamp(expiresAt.getTime()),
          ...(oldUntil && { oldUntil: timestamp(oldUntil.getTime()) }),
        },
      })
      const key = newSecret('azk_')
      const held = await store.rotate(actor.tenant, keyId, hashOf(key), { issuedAt, expiresAt, oldUntil })
      lookup.forget()
      if (!held) throw ended(keyId)
      return { ...viewOf(rotated, now), key }
    },
    async revoke(actor, keyId) {
      const { principal, revokedAt } = await visible(actor, keyId)
      if (revokedAt) return
      const payload = { keyId, principal, reason: 'revoked' as const }
      await record({ kind: 'key.revoked', tenant: actor.tenant, actor: actor.id, payload })
      await store.revoke(actor.tenant, keyId, clock.now())
      lookup.forget()
    },
    async revokeAll({ id: actor, tenant }, principal) {
      if ((await store.countLive(tenant, principal, clock.now())) > 0)
        await record({ kind: 'key.revoked', tenant, actor, payload: { principal, reason: 'principal_removed' } })
      await store.revokeAll(tenant, principal, clock.now())
      lookup.forget()
    },
  }
}

const ended = (keyId: string): AzoraError =>
  new AzoraError('conflict', 'key_ended', `the key ${keyId} has expired or was revoked`)

function stateOf({ revokedAt, expiresAt }: ApiKeyRow, nowMs: number): KeyView['state'] {
  if (revokedAt) return 'revoked'
  return expiresAt.getTime() > nowMs ? 'active' : 'expired'
}

const scopesOf = ({ scopes }: ApiKeyRow): KeyScope[] =>
  scopes.filter((scope): scope is KeyScope => KeyScope.safeParse(scope).success)

function viewOf(row: ApiKeyRow, nowMs: number): KeyView {
  const { keyId, name, principal, createdBy, createdAt, issuedAt, expiresAt, usedAt, oldUntil, revokedAt } = row
  return {
    keyId,
    name,
    principal,
    scopes: scopesOf(row),
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(usedAt && { usedAt: usedAt.toISOString() }),
    ...(issuedAt > createdAt && { rotatedAt: issuedAt.toISOString() }),
    ...(oldUntil && oldUntil.getTime() > nowMs && { oldUntil: oldUntil.toISOString() }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
    state: stateOf(row, nowMs),
  }
}
