import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTokenBuckets } from './token-buckets.ts'

it('a rate is never exceeded over any time, also when the clock is set back', () => {
  const steps = fc.array(fc.integer({ min: -500, max: 1_500 }), { maxLength: 200 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), (gaps, perSecond, burst) => {
      let now = 10_000
      const buckets = createTokenBuckets(() => now)
      let [forwardMs, taken] = [0, 0]
      for (const gap of gaps) {
        now += gap
        forwardMs += Math.max(0, gap)
        const { waitMs, left } = buckets.take('a', { perSecond, burst })
        if (waitMs === 0) taken += 1
        expect(waitMs).toBeLessThanOrEqual(Math.ceil(1_000 / perSecond))
        expect(left).toBeLessThan(burst)
        expect(taken).toBeLessThanOrEqual(burst + (forwardMs * perSecond) / 1_000 + 1e-6)
      }
    }),
  )
})

it('many names take no more memory than some, and who is busy stays known', () => {
  const buckets = createTokenBuckets(() => 0)
  const rate = { perSecond: 1, burst: 30_000 }
  for (let at = 0; at < 20_000; at += 1) {
    buckets.take(`stranger ${at}`, rate)
    buckets.take('busy', rate)
  }
  expect(buckets.take('busy', rate).left).toBe(30_000 - 20_001)
  // Forgotten, so it begins anew.
  expect(buckets.take('stranger 0', rate).left).toBe(29_999)
})
