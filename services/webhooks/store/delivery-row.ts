import type { DeliveryState, DeliveryView, WebhookEvent } from '@azora/contracts'
import { eventIdOf } from '../event.ts'

/** One event for one endpoint. */
export interface Delivery {
  index: number
  type: WebhookEvent
  run: string | undefined
  body: string
  state: DeliveryState
  attempts: number
  firstAtMs: number | undefined
  lastAtMs: number | undefined
  nextAtMs: number
  status: number | undefined
  durationMs: number | undefined
  excerpt: string | undefined
  error: string | undefined
}

export interface DeliveryRow {
  index: string
  type: string
  run: string | null
  body: string
  state: DeliveryState
  attempts: number
  first_at: Date | null
  last_at: Date | null
  next_at: Date
  status: number | null
  duration_ms: number | null
  excerpt: string | null
  error: string | null
}

export const deliveryOf = (row: DeliveryRow): Delivery => ({
  index: Number(row.index),
  type: row.type as WebhookEvent,
  run: row.run ?? undefined,
  body: row.body,
  state: row.state,
  attempts: row.attempts,
  firstAtMs: row.first_at?.getTime(),
  lastAtMs: row.last_at?.getTime(),
  nextAtMs: row.next_at.getTime(),
  status: row.status ?? undefined,
  durationMs: row.duration_ms ?? undefined,
  excerpt: row.excerpt ?? undefined,
  error: row.error ?? undefined,
})

const timeOf = (ms: number): string => new Date(ms).toISOString()

export function deliveryViewOf(shard: string, delivery: Delivery): DeliveryView {
  const { index, type, run, state, attempts, lastAtMs, nextAtMs, status, durationMs, excerpt, error } = delivery
  return {
    eventId: eventIdOf(shard, index),
    type,
    ...(run !== undefined && { run }),
    state,
    attempts,
    ...(lastAtMs !== undefined && { lastAttemptAt: timeOf(lastAtMs) }),
    ...(state === 'pending' && { nextAttemptAt: timeOf(nextAtMs) }),
    ...(durationMs !== undefined && {
      last: {
        delivered: status !== undefined && status >= 200 && status < 300,
        ...(status !== undefined && { status }),
        durationMs,
        ...(excerpt !== undefined && { excerpt }),
        ...(error !== undefined && { error }),
      },
    }),
  }
}
