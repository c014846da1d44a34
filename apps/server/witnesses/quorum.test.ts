import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQuorum, GRACE_MS } from './quorum.ts'

/** A rule that the size of a set decides, so that no keys are needed. */
const rule = (least: number) => ({
  rule: `${least}`,
  isQuorum: (cosigners: ReadonlySet<unknown>) => cosigners.size >= least,
})
const some = (count: number) => new Set(Array.from({ length: count }, (_, at) => at)) as unknown as ReadonlySet<never>

describe('the quorum', () => {
  it('holds exactly while nothing older than the grace lacks it, whatever comes in whatever order', () => {
    const step = fc.record({ publish: fc.boolean(), count: fc.nat(3), waitMs: fc.nat(GRACE_MS), back: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const quorum = createQuorum(rule(2))
        const published: Array<{ size: number; atMs: number }> = []
        let reached = 0
        let now = 1_000_000
        for (const { publish, count, waitMs, back } of steps) {
          now += waitMs
          if (publish) {
            published.push({ size: published.length + 1, atMs: now })
            quorum.onPublished(published.length, now)
          } else if (published.length > back) {
            const size = published.length - back
            quorum.onCosigned(size, some(count))
            if (count >= 2) reached = Math.max(reached, size)
          }
          const late = published.find(({ size, atMs }) => size > reached && now - atMs > GRACE_MS)
          const view = quorum.view(now)
          expect([view.holds, view.size ?? 0]).toEqual([late === undefined, reached])
          if (late) expect(Date.parse(view.since ?? '')).toBe(published[reached]?.atMs)
        }
      }),
    )
  })

  it('that needs nobody always holds', () => {
    const quorum = createQuorum(rule(0))
    quorum.onPublished(1, 0)
    expect(quorum.view(1_000_000)).toEqual({ rule: '0', holds: true })
  })

  it('keeps to its memory when it is missed for days, and still knows since when', () => {
    const quorum = createQuorum(rule(1))
    for (let size = 1; size <= 5_000; size += 1) quorum.onPublished(size, size * 1_000)
    expect(quorum.view(10_000_000)).toMatchObject({ holds: false, since: '1970-01-01T00:00:01.000Z' })
    quorum.onCosigned(4_999, some(1))
    expect(quorum.view(10_000_000)).toMatchObject({ holds: false, since: '1970-01-01T01:23:20.000Z', size: 4_999 })
    quorum.onCosigned(5_000, some(1))
    expect(quorum.view(10_000_000)).toEqual({ rule: '1', holds: true, size: 5_000 })
  })
})
