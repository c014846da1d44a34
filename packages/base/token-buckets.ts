/** How often something may happen. */
export interface TokenRate {
  /** In the long run. */
  perSecond: number
  /** At once, after a quiet time. */
  burst: number
}

export interface Taken {
  /** How long it takes until there is a token, in milliseconds; 0 when one was taken. */
  waitMs: number
  /** What is left, in whole tokens. */
  left: number
}

/** What is left of a rate, by name (token bucket). */
export interface TokenBuckets {
  take(name: string, rate: TokenRate): Taken
}

interface Bucket {
  tokens: number
  atMs: number
}

const BUCKETS_MAX = 10_000

/** @param nowMs a clock that may also be set back: no tokens come from that */
export function createTokenBuckets(nowMs: () => number): TokenBuckets {
  const buckets = new Map<string, Bucket>()
  return {
    take(name, { perSecond, burst }) {
      const now = nowMs()
      const perMs = perSecond / 1_000
      const bucket = buckets.get(name) ?? { tokens: burst, atMs: now }
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.atMs) * perMs)
      bucket.atMs = now
      buckets.delete(name)
      buckets.set(name, bucket)
      // The one that was unused for longest goes; its bucket is as good as full.
      if (buckets.size > BUCKETS_MAX) for (const [oldest] of buckets) if (buckets.delete(oldest)) break
      if (bucket.tokens < 1) return { waitMs: Math.ceil((1 - bucket.tokens) / perMs), left: 0 }
      bucket.tokens -= 1
      return { waitMs: 0, left: Math.floor(bucket.tokens) }
    },
  }
}
