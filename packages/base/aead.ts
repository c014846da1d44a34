import { createCipheriv, createDecipheriv } from 'node:crypto'
import { smallRandom } from './random.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D) under a random nonce.
 *
 * @param key 32 bytes; at most 2^32 messages may be sealed under one
 * @param associated bound to the result without being in it
 * @returns nonce (12 bytes), ciphertext, tag (16 bytes)
 */
export function sealBytes(key: Uint8Array, plain: Uint8Array, associated: Uint8Array): Buffer {
  const nonce = smallRandom(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(associated)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Undefined unless exactly these bytes were sealed under this key with this associated data. */
export function openBytes(key: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Buffer | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const end = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(associated).setAuthTag(sealed.subarray(end))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, end)), decipher.final()])
  } catch {
    // The tag does not fit, which is all that anybody may learn.
    return undefined
  }
}
