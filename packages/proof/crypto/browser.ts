// What node.ts does, where there is no Node: in JavaScript instead of OpenSSL: a signature takes some 25 times as long.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js'

const ENCODER = new TextEncoder()
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

export const sha256 = (data: string | Uint8Array): Uint8Array =>
  nobleSha256(typeof data === 'string' ? utf8(data) : data)

export const sha256Hex = (data: string | Uint8Array): string => toHex(sha256(data))

const { Point } = ed25519

/**
 * The equation without the cofactor, and no points of small order: as OpenSSL decides it, so that nothing verifies in one
 * place and not in the other. The library's own function multiplies by the cofactor.
 */
export function ed25519Verifier(publicKey: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean {
  const key = decode(publicKey)
  return (message, signature) => {
    const start = decode(signature.subarray(0, 32))
    const scalar = numberOf(signature.subarray(32))
    if (!key || !start || signature.length !== 64 || scalar >= Point.Fn.ORDER) return false
    const challenge = numberOf(sha512(concat(signature.subarray(0, 32), publicKey, message))) % Point.Fn.ORDER
    return start.add(key.multiplyUnsafe(challenge)).equals(Point.BASE.multiplyUnsafe(scalar))
  }
}

/** The curve point of 32 bytes in their canonical form, unless its order is small. */
function decode(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    const point = Point.fromBytes(Uint8Array.from(bytes))
    return point.isSmallOrder() ? undefined : point
  } catch (thrown) {
    if (thrown instanceof Error) return undefined
    throw thrown
  }
}

/** Little-endian. */
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x0${toHex(Uint8Array.from(bytes).reverse())}`)

export const utf8 = (text: string): Uint8Array => ENCODER.encode(text)

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => HEX[byte]).join('')

export function fromHex(text: string): Uint8Array {
  const [digits = ''] = /^([0-9a-f]{2})*/i.exec(text) ?? []
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  return toBase64(bytes) === text ? bytes : undefined
}
