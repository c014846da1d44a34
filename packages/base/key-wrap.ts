import { createHash } from 'node:crypto'
import { openBytes, sealBytes } from './aead.ts'
import { AzoraError } from './errors.ts'

/** What a wrapped key is for, such as its tenant. Bound to it, not secret. */
export type KeyContext = Readonly<Record<string, string>>

/**
 * Wraps data keys under a key-encryption key, which it never gives away: a key file on this machine, or a
 * key-management service (AWS KMS: encryption context; Google Cloud KMS: additional authenticated data).
 */
export interface KeyWrap {
  /** Names the key-encryption key, such as `local:9f86d081884c7d65` or the name of a key in a KMS. */
  readonly keyId: string
  /** Rejects with the advice to retry when the service is away; so does `unwrap`. */
  wrap(key: Uint8Array, context: KeyContext): Promise<Uint8Array>
  /** Rejects with `key_unwrap_failed` unless this key was wrapped here, for this context. */
  unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Buffer>
}

const KEY_BYTES = 32

/**
 * Wraps with AES-256-GCM under a key of this machine.
 *
 * @param kek 32 secret bytes
 */
export function createLocalKeyWrap(kek: Uint8Array): KeyWrap {
  if (kek.length !== KEY_BYTES)
    throw new AzoraError('fix', 'key_malformed', `a key-encryption key has ${KEY_BYTES} bytes, this one ${kek.length}`)
  const keyId = `local:${createHash('sha256').update('azora.kek.v1').update(kek).digest('hex').slice(0, 16)}`
  return {
    keyId,
    wrap: async (key, context) => sealBytes(kek, key, associatedWith(context)),
    async unwrap(wrapped, context) {
      const key = openBytes(kek, wrapped, associatedWith(context))
      if (key) return key
      throw new AzoraError('conflict', 'key_unwrap_failed', `the key ${keyId} does not open what it is asked to`, {
        remedy: 'Start with the key file that was there when the data was written.',
      })
    },
  }
}

/** The same bytes for the same context, in whatever order its members are. */
const associatedWith = (context: KeyContext): Buffer =>
  Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))))
