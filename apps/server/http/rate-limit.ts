import { AzoraError, createTokenBuckets, type TokenRate } from '@azora/base'
import type { Caller } from '@azora/identity'
import type { FastifyReply } from 'fastify'

/** How often requests may come; undefined for no limit. */
export interface RateLimits {
  /** Of each API key, and of each principal otherwise. */
  caller: TokenRate | undefined
  /** Of all callers of a tenant together. */
  tenant: TokenRate | undefined
}

/** More than one server answers, so that they only stop what runs wild. */
export const RATE_LIMITS: RateLimits = {
  caller: { perSecond: 5_000, burst: 10_000 },
  tenant: { perSecond: 10_000, burst: 20_000 },
}

/** Counts a request, and says in its answer what is left. Throws `too_many_requests`. */
export type LimitRate = (caller: Caller, reply: FastifyReply) => void

/** @param nowMs a clock that never goes back */
export function createRateLimit(limits: RateLimits, nowMs: () => number): LimitRate {
  const buckets = createTokenBuckets(nowMs)
  const policy = policyOf(limits)
  return ({ principal: { id, tenant }, keyId }, reply) => {
    const left: string[] = []
    let waitMs = 0
    const take = (limit: keyof RateLimits, name: string): void => {
      const rate = limits[limit]
      // What one caller is refused is not taken from their tenant.
      if (!rate || waitMs > 0) return
      const taken = buckets.take(name, rate)
      waitMs = taken.waitMs
      left.push(`"${limit}";r=${taken.left};t=${Math.ceil((rate.burst - taken.left) / rate.perSecond)}`)
    }
    take('caller', keyId ?? `${tenant}/${id}`)
    take('tenant', tenant)
    if (left.length > 0) reply.header('ratelimit-policy', policy).header('ratelimit', left.join(', '))
    if (waitMs === 0) return
    throw new AzoraError('retry', 'too_many_requests', `${id} or the tenant ${tenant} makes too many requests`, {
      retryAfterMs: waitMs,
    })
  }
}

/** As in draft-ietf-httpapi-ratelimit-headers-10: `q` requests in `w` seconds, the time in which an empty bucket fills. */
const policyOf = (limits: RateLimits): string =>
  (['caller', 'tenant'] as const)
    .flatMap((limit) => {
      const rate = limits[limit]
      return rate ? [`"${limit}";q=${rate.burst};w=${Math.ceil(rate.burst / rate.perSecond)}`] : []
    })
    .join(', ')
