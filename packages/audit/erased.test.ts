import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createErasedEntries } from './erased.ts'

const index = fc.nat({ max: 200_000 })

describe('erased entries', () => {
  it('are unexplained until a range holds them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(index), fc.array(fc.tuple(index, index)), (added, ranges) => {
        const erased = createErasedEntries()
        for (const one of added) erased.add(one)
        for (const [from, to] of ranges) erased.explain(from, to)
        const left = added.filter((one) => !ranges.some(([from, to]) => from <= one && one <= to))
        expect(erased.count).toBe(added.length)
        expect(erased.unexplained()).toBe(left.length === 0 ? undefined : Math.min(...left))
      }),
    )
  })
})
