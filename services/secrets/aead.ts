import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AzoraError } from '@azora/base'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
export const KEY_BYTES = 32

/** AES-256-GCM (NIST SP 800-38D) under a random nonce: nonce, ciphertext, tag. */
export function encrypt(key: Buffer, plain: Buffer, associated: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(associated)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws `secret_unreadable` unless it was encrypted under this key and this associated data. */
export function decrypt(key: Buffer, sealed: Buffer, associated: Buffer): Buffer {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const tag = sealed.subarray(sealed.length - TAG_BYTES)
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(associated)
      .setAuthTag(tag)
    const text = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)
    return Buffer.concat([decipher.update(text), decipher.final()])
  } catch (cause) {
    throw unreadable(cause)
  }
}

export const unreadable = (cause: unknown): AzoraError =>
  new AzoraError('conflict', 'secret_unreadable', 'the secret was encrypted with another key, or was changed', {
    remedy: 'Restore the key that it was encrypted with, or put the secret anew: azora secret rotate NAME',
    cause,
  })
