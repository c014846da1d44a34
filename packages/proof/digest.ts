import canonicalizeJson from 'canonicalize'
import { concat, fromHex, sha256Hex, utf8 } from '#crypto'
import { quickCanonical } from './quick-canonical.ts'

export { sha256Hex } from '#crypto'

/**
 * Canonical JSON (RFC 8785). Throws a TypeError for what it can't hold: NaN, infinities, undefined, cycles, strings that
 * are not well-formed Unicode.
 */
export function canonical(value: unknown): string {
  const text = quickCanonical(value) ?? canonicalize(value)
  if (text === undefined) throw new TypeError('only JSON values have a canonical form')
  return text
}

function canonicalize(value: unknown): string | undefined {
  try {
    return canonicalizeJson(value)
  } catch (thrown) {
    throw new TypeError(`the value has no canonical form: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
}

/** SHA-256 of a value's canonical JSON, in hexadecimal. */
export const digestOf = (value: unknown): string => sha256Hex(canonical(value))

/**
 * Commits to a payload without revealing it: SHA-256 over the salt and the payload's canonical JSON.
 *
 * @param saltHex 16 random bytes in hexadecimal; without it a short payload could be guessed from its digest
 */
export const payloadDigest = (saltHex: string, payloadCanonical: string): string =>
  sha256Hex(concat(fromHex(saltHex), utf8(payloadCanonical)))
