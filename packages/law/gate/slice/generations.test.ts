import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Generations } from './generations.ts'

it('finds what was set last under a key or nothing, keeps half of what there is room for and never more than all', () => {
  const capacity = 8
  fc.assert(
    fc.property(fc.array(fc.record({ key: fc.nat(20).map(String), reads: fc.boolean() })), (uses) => {
      const kept = new Generations<number>(capacity)
      const last = new Map<string, number>()
      for (const [at, { key, reads }] of uses.entries()) {
        if (reads) expect([last.get(key), undefined]).toContain(kept.get(key))
        else {
          kept.set(key, at)
          last.set(key, at)
        }
        expect(kept.size).toBeLessThanOrEqual(capacity)
      }
      const recent = uses.slice(-capacity / 2).filter(({ reads }) => !reads)
      for (const { key } of recent) expect(kept.get(key)).toBe(last.get(key))
    }),
  )
})
