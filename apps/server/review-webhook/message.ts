import { createHmac } from 'node:crypto'
import { AzoraError } from '@azora/base'
import type { Entry, ReviewView } from '@azora/contracts'

/** The kinds of entries that are sent. */
export const SENT_KINDS = ['review.requested', 'review.decided', 'review.expired'] as const
export type SentKind = (typeof SENT_KINDS)[number]

/** A signed HTTP message, the same each time it is tried. */
export interface Message {
  body: string
  headers: Record<string, string>
}

/** The key of a Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. Throws `webhook_secret_malformed`. */
export function parseSecret(secret: string): Buffer {
  const key = Buffer.from(/^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret)?.[1] ?? '', 'base64')
  if (key.length >= 24 && key.length <= 64) return key
  throw new AzoraError('fix', 'webhook_secret_malformed', 'AZORA_REVIEW_WEBHOOK_SECRET is no webhook secret', {
    remedy: 'Make one with: echo whsec_$(openssl rand -base64 32)',
  })
}

/**
 * An entry about a review as a CloudEvents 1.0 event, signed as Standard Webhooks has it: HMAC-SHA256 over id, time and body.
 *
 * @param review the review as it stands, for those who are asked to decide it
 * @param nowMs the time that receivers check against replay, so it is that of the try
 */
export function messageOf(
  { header, payload }: Entry<SentKind>,
  review: ReviewView | undefined,
  key: Buffer,
  nowMs: number,
): Message {
  const id = `${header.shard}/${header.index}`
  const body = JSON.stringify({
    specversion: '1.0',
    id,
    source: header.shard,
    type: `azora.${header.kind}`,
    time: header.at,
    ...(header.run && { subject: header.run }),
    datacontenttype: 'application/json',
    data: { ...payload, ...(review && { review }) },
  })
  const seconds = String(Math.floor(nowMs / 1000))
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return {
    body,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': seconds,
      'webhook-signature': `v1,${signature}`,
    },
  }
}
