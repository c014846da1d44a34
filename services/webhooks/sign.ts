import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'
const KEY_BYTES = 32

export const newKey = (): Buffer => randomBytes(KEY_BYTES)

/** A key as receivers are given it (Standard Webhooks). */
export const secretOf = (key: Uint8Array): string => `${PREFIX}${Buffer.from(key).toString('base64')}`

/** Undefined for what is no secret: `whsec_` and 24 to 64 bytes in base64. */
export function keyOf(secret: string): Buffer | undefined {
  const key = Buffer.from(/^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret)?.[1] ?? '', 'base64')
  return key.length >= 24 && key.length <= 64 ? key : undefined
}

/**
 * The headers of Standard Webhooks 1.0: HMAC-SHA-256 over `id.timestamp.body`, one signature for each key that is valid.
 *
 * @param nowMs the time of this attempt, as receivers refuse what is older than some minutes
 */
export function signedHeaders(
  id: string,
  body: string,
  keys: readonly Uint8Array[],
  nowMs: number,
): Record<string, string> {
  const seconds = String(Math.floor(nowMs / 1000))
  const signatures = keys.map((key) => createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64'))
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  }
}
