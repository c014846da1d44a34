import { randomUUID } from 'node:crypto'
import { type Clock, timestamp } from '@azora/base'
import type { WebhookAttempt } from '@azora/contracts'
import { testBodyOf } from './event.ts'
import type { Keys } from './keys.ts'
import type { Post } from './send/post.ts'
import type { Slots } from './send/slots.ts'
import type { Shelf } from './shelf.ts'
import { signedHeaders } from './sign.ts'

export interface TesterDeps {
  shelf: Pick<Shelf, 'named'>
  keys: Pick<Keys, 'validFor'>
  slots: Slots
  post: Post
  clock: Clock
}

/** Sends test events, once each and at once: they are in no queue, and say nothing of an endpoint's health. */
export function createTester({ shelf, keys, slots, post, clock }: TesterDeps) {
  const stopping = new AbortController()
  return {
    async test(tenant: string, name: string): Promise<WebhookAttempt> {
      const { endpoint } = shelf.named(tenant, name)
      const id = `test/${randomUUID()}`
      const body = testBodyOf(id, tenant, name, timestamp(clock.now()))
      const giveBack = await slots.take(tenant)
      try {
        const headers = signedHeaders(id, body, await keys.validFor(endpoint), clock.now())
        const { retryAfterMs: _, ...attempt } = await post(endpoint.url, { body, headers }, stopping.signal)
        return attempt
      } finally {
        giveBack()
      }
    },
    stop: () => stopping.abort(),
  }
}
