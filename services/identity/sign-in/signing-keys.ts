import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject } from 'node:crypto'
import type { Clock, KeyWrap } from '@azora/base'
import type { KeySet } from '@azora/contracts'
import type { SigningKeyRow, SigningKeyStore } from '../store/signing-keys.ts'

/** The keys that access tokens are signed with: the next is published before it signs, the last verifies until its tokens are over. */
export interface SigningKeys {
  /** The one that signs now. */
  signer(): Promise<{ kid: string; key: KeyObject }>
  /** Undefined for a key that is unknown or over. */
  verifier(kid: string): Promise<KeyObject | undefined>
  published(): Promise<KeySet>
  /**
   * Makes a key. It signs when caches of the published set have it, or at once when `now`, which ends all older keys.
   * Answers its id.
   */
  rotate(options: { now: boolean; record: (kid: string) => Promise<unknown> }): Promise<string>
}

/** How long others may keep the published keys, in seconds. */
export const KEY_CACHE_SECONDS = 300
/** Longer than any token lives. */
const OVERLAP_MS = 20 * 60_000
/** Keys are read again at least so often, so that another server's rotation is seen. */
const FRESH_MS = 5_000
const CONTEXT = { use: 'azora.sign-in-key.v1' }

export function createSigningKeys(deps: { store: SigningKeyStore; keyWrap: KeyWrap; clock: Clock }): SigningKeys {
  const { store, keyWrap, clock } = deps
  const privateKeys = new Map<string, KeyObject>()
  let read: { atMs: number; rows: SigningKeyRow[] } | undefined

  async function rows(): Promise<SigningKeyRow[]> {
    const now = clock.now()
    if (!read || now - read.atMs > FRESH_MS) read = { atMs: now, rows: await store.list(now) }
    return read.rows.filter(({ verifiesUntil }) => verifiesUntil === null || verifiesUntil.getTime() > now)
  }

  async function make(signsFromMs: number, verifyUntilMs: number, record?: (kid: string) => Promise<unknown>) {
    const newest = (await store.list(clock.now())).find(({ verifiesUntil }) => verifiesUntil === null)?.kid
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const { d = '', x = '' } = { ...privateKey.export({ format: 'jwk' }), ...publicKey.export({ format: 'jwk' }) }
    // RFC 7638 names the key by its own digest.
    const kid = hash('sha256', `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`, 'base64url')
    const wrapped = Buffer.from(await keyWrap.wrap(Buffer.from(d, 'base64url'), { ...CONTEXT, kid }))
    await record?.(kid)
    const row = { kid, x, wrapped, signsFrom: new Date(signsFromMs), verifiesUntil: null }
    await store.add(row, { newest, verifyUntilMs })
    read = undefined
    return kid
  }

  async function privateKeyOf({ kid, x, wrapped }: SigningKeyRow): Promise<KeyObject> {
    const known = privateKeys.get(kid)
    if (known) return known
    const d = await keyWrap.unwrap(wrapped, { ...CONTEXT, kid })
    const jwk = { kty: 'OKP', crv: 'Ed25519', x, d: d.toString('base64url') }
    const key = createPrivateKey({ key: jwk, format: 'jwk' })
    privateKeys.set(kid, key)
    return key
  }

  return {
    async signer() {
      if ((await rows()).length === 0) await make(clock.now(), clock.now())
      const known = await rows()
      // A key that is not to sign yet leaves the work to the one before it.
      const row = known.find(({ signsFrom }) => signsFrom.getTime() <= clock.now()) ?? known.at(-1)
      return row ? { kid: row.kid, key: await privateKeyOf(row) } : this.signer()
    },
    async verifier(kid) {
      const row = (await rows()).find((known) => known.kid === kid)
      return row && createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: row.x }, format: 'jwk' })
    },
    async published() {
      if ((await rows()).length === 0) await make(clock.now(), clock.now())
      const keys = (await rows()).map(({ kid, x }) => ({
        kty: 'OKP' as const,
        crv: 'Ed25519' as const,
        x,
        kid,
        alg: 'EdDSA' as const,
        use: 'sig' as const,
      }))
      return { keys }
    },
    rotate({ now, record }) {
      const atMs = clock.now()
      const signsFromMs = now ? atMs : atMs + KEY_CACHE_SECONDS * 1_000
      return make(signsFromMs, now ? atMs : signsFromMs + OVERLAP_MS, record)
    },
  }
}
