import type { Clock, Log } from '@azora/base'
import { KeyScope } from '@azora/contracts'
import type { Identity } from '../identity.ts'
import type { Principal } from '../principal.ts'
import { hashOf } from '../secret-text.ts'
import type { ApiKeyStore, FoundKey } from '../store/api-keys.ts'
import { customRoleOf } from '../store/custom-roles.ts'

/** Whose key it is, with no more rights than the key has. */
export interface KeyHolder {
  principal: Principal
  keyId: string
  /** It expires then, in milliseconds since 1970. */
  untilMs: number
}

export interface KeyLookup {
  /** Undefined for all that is no key that holds at this moment. */
  find(secret: string): Promise<KeyHolder | undefined>
  /** What is remembered holds no longer. */
  forget(): void
}

interface Known extends KeyHolder {
  usedMs: number
  readMs: number
  changes: number
}

const SECRET = /^azk_[A-Za-z0-9_-]{43}$/
const KNOWN_MAX = 1_000
/** Keys are read again at least so often, so that another server's changes are seen. */
const FRESH_MS = 5_000
/** So often at most a use is noted. */
const TOUCH_MS = 60_000

export const isApiKey = (text: string): boolean => SECRET.test(text)

/** Remembers keys until a key or a principal changes. */
export function createKeyLookup(deps: {
  store: Pick<ApiKeyStore, 'find' | 'touch'>
  identity: Pick<Identity, 'changes'>
  clock: Clock
  log: Log
}): KeyLookup {
  const { store, identity, clock, log } = deps
  const known = new Map<string, Known>()
  let forgotten = 0
  const changes = (): number => forgotten + identity.changes()

  async function read(hash: Buffer): Promise<Known | undefined> {
    const before = changes()
    const row = await store.find(hash)
    // What was read before a change may be what it ended.
    if (before !== changes()) return read(hash)
    return row && knownOf(row, clock.now(), before)
  }

  function noteUse(key: Known, now: number): void {
    if (now - key.usedMs < TOUCH_MS) return
    key.usedMs = now
    // The request doesn't wait for it, nor fails with it.
    store
      .touch(key.principal.tenant, key.keyId, now, TOUCH_MS)
      .catch((error) => log.warn({ err: error }, 'the use of a key is not noted'))
  }

  return {
    async find(secret) {
      if (!isApiKey(secret)) return undefined
      const hash = hashOf(secret)
      const name = hash.toString('hex')
      let key = known.get(name)
      if (!key || key.changes !== changes() || Math.abs(clock.now() - key.readMs) > FRESH_MS) {
        key = await read(hash)
        if (!key) return undefined
        if (known.size >= KNOWN_MAX) known.clear()
        known.set(name, key)
      }
      const now = clock.now()
      if (key.untilMs <= now) return undefined
      noteUse(key, now)
      return key
    },
    forget() {
      forgotten += 1
      known.clear()
    },
  }
}

function knownOf(row: FoundKey, readMs: number, changes: number): Known {
  const { keyId, tenant, principal: id, roles, signingKeys: keys, custom, expiresAt, oldUntil, usedAt, isNewest } = row
  // A scope that is none any more allows nothing.
  const scopes = row.scopes.filter((scope): scope is KeyScope => KeyScope.safeParse(scope).success)
  const until = isNewest ? expiresAt : oldUntil
  return {
    keyId,
    principal: { id, tenant, roles, keys, scopes, ...(custom && { custom: custom.map(customRoleOf) }) },
    untilMs: until?.getTime() ?? 0,
    usedMs: usedAt?.getTime() ?? 0,
    readMs,
    changes,
  }
}
