import { EntryRanges } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupsOf, rangesOf } from './ranges.ts'

it('ranges hold exactly the indexes they were made of, in groups of any size', () => {
  const indexes = fc.uniqueArray(fc.nat(300), { maxLength: 100 }).map((all) => all.sort((a, b) => a - b))
  fc.assert(
    fc.property(indexes, fc.integer({ min: 1, max: 20 }), (all, limit) => {
      const ranges = rangesOf(all)
      expect(EntryRanges.safeParse(ranges).success).toBe(true)
      const groups = [...groupsOf(ranges, limit)]
      expect(groups.flat()).toEqual(all)
      for (const group of groups) expect(group.length).toBeLessThanOrEqual(limit)
    }),
  )
})
