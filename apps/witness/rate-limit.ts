/** How many requests an address may make. */
export interface RateLimit {
  /** @param nowMs milliseconds of a clock that never goes back */
  allows(address: string, nowMs: number): boolean
}

const PER_SECOND = 20
const BURST = 60
const ADDRESSES_MAX = 10_000

/** A token bucket for each address. */
export function createRateLimit(): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  return {
    allows(address, nowMs) {
      const before = buckets.get(address) ?? { tokens: BURST, atMs: nowMs }
      const tokens = Math.min(BURST, before.tokens + ((nowMs - before.atMs) / 1_000) * PER_SECOND)
      if (buckets.size >= ADDRESSES_MAX && !buckets.has(address)) buckets.clear()
      buckets.set(address, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: nowMs })
      return tokens >= 1
    },
  }
}
