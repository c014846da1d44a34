import { createPublicKey, hash, verify } from 'node:crypto'

/** SHA-256 (FIPS 180-4), 32 bytes; a text is hashed as UTF-8. */
export const sha256 = (data: string | Uint8Array): Uint8Array => hash('sha256', data, 'buffer')

/** SHA-256 as 64 hexadecimal characters. */
export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex')

/** DER prefix of an Ed25519 SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Answers whether a signature of 64 bytes over a message is an Ed25519 one (RFC 8032) of the key of 32 bytes. */
export function ed25519Verifier(publicKey: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
  return (message, signature) => signature.length === 64 && verify(null, message, key, signature)
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const utf8 = (text: string): Uint8Array => Buffer.from(text)

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts)

export const equal = (a: Uint8Array, b: Uint8Array): boolean => asBuffer(a).equals(b)

export const toHex = (bytes: Uint8Array): string => asBuffer(bytes).toString('hex')

/** The bytes of pairs of hexadecimal digits; stops at anything else. */
export const fromHex = (text: string): Uint8Array => Buffer.from(text, 'hex')

export const toBase64 = (bytes: Uint8Array): string => asBuffer(bytes).toString('base64')

/** The bytes of base64, of which a value has exactly one form (RFC 4648, section 3.5); undefined for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
