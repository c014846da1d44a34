import { hash, randomBytes } from 'node:crypto'
import { AzoraError } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { Principal } from './principal.ts'
import { createCredentialStore } from './store/credentials.ts'

export interface Identity {
  /** Who a bearer token belongs to. Throws `unauthenticated`. */
  authenticate(token: string | undefined): Promise<Principal>
  /** Makes the token the only one of the principal. */
  assign(token: string, principal: Principal): Promise<void>
}

const TOKEN = /^azo_[A-Za-z0-9_-]{43}$/
const CACHED_MAX = 1_000

/** A new bearer token: 256 random bits. */
export const createToken = (): string => `azo_${randomBytes(32).toString('base64url')}`

export const isToken = (text: string): boolean => TOKEN.test(text)

export async function createIdentity(deps: { db: Db }): Promise<Identity> {
  const store = await createCredentialStore(deps.db)
  const known = new Map<string, Principal>()
  let assignments = 0

  async function authenticate(token: string | undefined): Promise<Principal> {
    if (!token || !isToken(token)) throw unauthenticated()
    const tokenHash = hash('sha256', token, 'buffer')
    const name = tokenHash.toString('hex')
    const cached = known.get(name)
    if (cached) return cached
    const before = assignments
    const found = await store.find(tokenHash)
    if (!found) throw unauthenticated()
    // What was read before an assignment may be the token that it replaced.
    if (before !== assignments) return authenticate(token)
    if (known.size >= CACHED_MAX) known.clear()
    known.set(name, found)
    return found
  }

  return {
    authenticate,
    async assign(token, principal) {
      await store.replace(hash('sha256', token, 'buffer'), principal)
      assignments += 1
      known.clear()
    },
  }
}

const unauthenticated = (): AzoraError =>
  new AzoraError('authenticate', 'unauthenticated', 'this needs a valid bearer token', {
    remedy: 'Send "Authorization: Bearer <token>"; the owner\'s token is in owner.token in the data directory.',
  })
