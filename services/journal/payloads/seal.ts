import { hash } from 'node:crypto'
import { openBytes, sealBytes, smallRandom } from '@azora/base'

const PURPOSE = 'azora.payload.v1'
const DERIVE_BYTES = 16
const SALT_BYTES = 16
/** Canonical JSON of a payload begins with a brace, so that nothing is taken for the other. */
const SEALED = /^azora1:([0-9a-f-]{36}):/
const TEXT_AT = 'azora1:'.length + 36 + 1

export interface Sealable {
  /** Canonical JSON of the entry's header: it says shard, index, tenant and payload digest. */
  header: string
  payload: string
  salt: Buffer
}

/**
 * Encrypts payload and salt together, as the salt makes a short payload guessable from its digest. Each under a key of its
 * own, derived by HMAC-SHA-256 from 16 random bytes, so that a data key may seal any number of payloads.
 *
 * @param key 32 bytes
 * @returns `azora1:<key id>:<base64 of derivation input, nonce, ciphertext, tag>`
 */
export function sealPayload(keyId: string, key: Buffer, { header, payload, salt }: Sealable): string {
  const derive = smallRandom(DERIVE_BYTES)
  const plain = Buffer.concat([salt, Buffer.from(payload)])
  const sealed = sealBytes(subkeyOf(key, derive), plain, boundTo(keyId, header))
  return `azora1:${keyId}:${Buffer.concat([derive, sealed]).toString('base64')}`
}

/** The key that a stored payload is sealed under; undefined for one that isn't. */
export const keyIdOf = (stored: string): string | undefined =>
  stored.startsWith('{') ? undefined : SEALED.exec(stored)?.[1]

/** Undefined unless exactly this was sealed under the key for this header. */
export function openPayload(
  key: Buffer,
  header: string,
  stored: string,
): Pick<Sealable, 'payload' | 'salt'> | undefined {
  const keyId = keyIdOf(stored)
  if (keyId === undefined) return undefined
  const bytes = Buffer.from(stored.slice(TEXT_AT), 'base64')
  const subkey = subkeyOf(key, bytes.subarray(0, DERIVE_BYTES))
  const plain = openBytes(subkey, bytes.subarray(DERIVE_BYTES), boundTo(keyId, header))
  if (!plain || plain.length < SALT_BYTES) return undefined
  return { payload: plain.toString('utf8', SALT_BYTES), salt: plain.subarray(0, SALT_BYTES) }
}

const BLOCK_BYTES = 64
const PURPOSE_BYTES = Buffer.from(PURPOSE)
/** A data key, filled up to a block and combined with each of the pads of HMAC (RFC 2104). */
const padded = new WeakMap<Buffer, { inner: Buffer; outer: Buffer }>()

function padsOf(key: Buffer): { inner: Buffer; outer: Buffer } {
  const known = padded.get(key)
  if (known) return known
  const pad = (byte: number): Buffer => {
    const block = Buffer.alloc(BLOCK_BYTES)
    key.copy(block)
    return block.map((value) => value ^ byte) as Buffer
  }
  const pads = { inner: pad(0x36), outer: pad(0x5c) }
  padded.set(key, pads)
  return pads
}

/** HMAC-SHA-256 by one-shot hashes: several times as fast as a hash object for each payload. */
function subkeyOf(key: Buffer, derive: Buffer): Buffer {
  const { inner, outer } = padsOf(key)
  const within = hash('sha256', Buffer.concat([inner, PURPOSE_BYTES, derive]), 'buffer')
  return hash('sha256', Buffer.concat([outer, within]), 'buffer')
}

const boundTo = (keyId: string, header: string): Buffer => Buffer.from(`${PURPOSE}\n${keyId}\n${header}`)
