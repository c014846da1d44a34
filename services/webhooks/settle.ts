import type { Clock } from '@azora/base'
import type { WebhookDisabled } from '@azora/contracts'
import { type Answer, isGone, type RetryPolicy, waitAfter } from './backoff.ts'
import { type Endpoint, FAILING_AFTER, HEALTHY, type Health } from './endpoint.ts'
import type { DeliveryStore } from './store/deliveries.ts'
import type { Delivery } from './store/delivery-row.ts'
import type { EndpointStore } from './store/endpoints.ts'

export interface SettleDeps {
  deliveries: Pick<DeliveryStore, 'delivered' | 'failed' | 'release' | 'deliveredSince' | 'prune'>
  endpoints: Pick<EndpointStore, 'setHealth'>
  /** On record first, then it holds. */
  disable(endpoint: Endpoint, why: WebhookDisabled): Promise<void>
  policy: RetryPolicy
  clock: Clock
}

/** What is known of an endpoint's health, and what an answer makes of it. */
export interface Settling {
  health(): Health
  /** Stores how an attempt ended and what follows from it. */
  settle(delivery: Delivery, answer: Answer): Promise<void>
  /** Forgets failures, and lets everything that waits be tried now. */
  recover(): Promise<void>
}

/** Settled deliveries that the log of an endpoint keeps, and after how many it is cut. */
const KEPT = 1_000
const CUT_EVERY = 100

export function createSettling(endpoint: () => Endpoint, stored: Health, deps: SettleDeps): Settling {
  const { deliveries, endpoints, policy, clock } = deps
  let health = stored
  let settled = 0

  async function setHealth(next: Health): Promise<void> {
    health = next
    await endpoints.setHealth(endpoint(), next)
  }

  async function succeeded({ index }: Delivery, answer: Answer): Promise<void> {
    await deliveries.delivered(endpoint(), index, answer, clock.now())
    if (health.failures === 0) return
    const wasFailing = health.failures >= FAILING_AFTER
    await setHealth(HEALTHY)
    if (wasFailing) await deliveries.release(endpoint(), clock.now(), false)
  }

  async function failed(delivery: Delivery, answer: Answer): Promise<void> {
    const now = clock.now()
    const failures = health.failures + 1
    const failingSinceMs = health.failingSinceMs ?? now
    await setHealth({ failures, failingSinceMs, retryAtMs: retryAt(answer, failures, now) })
    const retryAtMs = now + waitAfter(answer, delivery.attempts + 1, policy)
    await deliveries.failed(
      endpoint(),
      delivery.index,
      answer,
      now,
      (await isHopeless(delivery)) ? undefined : retryAtMs,
    )
    if (isGone(answer)) await deps.disable(endpoint(), 'gone')
    else if (now - failingSinceMs >= policy.giveUpMs) await deps.disable(endpoint(), 'unreachable')
  }

  /** One failure says something about the delivery, several in a row about the endpoint. */
  function retryAt(answer: Answer, failures: number, now: number): number | undefined {
    if (failures >= FAILING_AFTER) return now + waitAfter(answer, failures - FAILING_AFTER + 1, policy)
    return answer.retryAfterMs === undefined ? undefined : now + waitAfter(answer, 1, policy)
  }

  /** The endpoint takes others, and did not take this one for too long. */
  async function isHopeless({ firstAtMs }: Delivery): Promise<boolean> {
    if (firstAtMs === undefined || clock.now() - firstAtMs < policy.giveUpMs) return false
    return deliveries.deliveredSince(endpoint(), firstAtMs)
  }

  return {
    health: () => health,
    async settle(delivery, answer) {
      await (answer.delivered ? succeeded(delivery, answer) : failed(delivery, answer))
      settled += 1
      if (settled % CUT_EVERY === 0) await deliveries.prune(endpoint(), KEPT)
    },
    async recover() {
      await setHealth(HEALTHY)
      await deliveries.release(endpoint(), clock.now(), true)
    },
  }
}
