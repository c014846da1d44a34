import type { AcceptRate } from '@azora/contracts'

/** What is left of a rate, by name. */
export interface TokenBuckets {
  /** Takes one; answers 0, or how long it takes until there is one, in milliseconds. */
  take(name: string, rate: AcceptRate): number
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
    take(name, { runs, seconds, burst }) {
      const now = nowMs()
      const perMs = runs / (seconds * 1_000)
      const bucket = buckets.get(name) ?? { tokens: burst, atMs: now }
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.atMs) * perMs)
      bucket.atMs = now
      buckets.delete(name)
      buckets.set(name, bucket)
      // The one that was unused for longest goes; its bucket is as good as full.
      if (buckets.size > BUCKETS_MAX) for (const [oldest] of buckets) if (buckets.delete(oldest)) break
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perMs)
      bucket.tokens -= 1
      return 0
    },
  }
}
