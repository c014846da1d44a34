import { createHmac, hkdfSync } from 'node:crypto'
import { canonical } from '@azora/proof'
import type { Claim } from './store/answers.ts'

/** A request with a key, as the server keeps it: nothing of it is read, or compared with a guess, without that key. */
export interface KeyedRequest extends Claim {
  /** Seals the answer. */
  sealingKey: Buffer
}

export interface Asked {
  method: string
  /** With the query. */
  url: string
  /** JSON; undefined without a body. */
  body: unknown
}

const PART_BYTES = 32

/** The same for equal requests of one caller: white space and the order of members in the body don't matter. */
export function keyedRequest(
  key: string,
  { id, tenant }: { id: string; tenant: string },
  { method, url, body }: Asked,
): KeyedRequest {
  const material = Buffer.from(hkdfSync('sha256', key, canonical([tenant, id]), 'azora.idempotency.v1', 3 * PART_BYTES))
  const part = (at: number): Buffer => material.subarray(at * PART_BYTES, (at + 1) * PART_BYTES)
  const request = canonical(body === undefined ? [method, url] : [method, url, body])
  return {
    name: part(0),
    tenant,
    principal: id,
    requestMac: createHmac('sha256', part(1)).update(request).digest(),
    sealingKey: part(2),
  }
}
