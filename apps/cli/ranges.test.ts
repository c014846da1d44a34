import { EntryRanges } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rangesIn } from './ranges.ts'

it.each([
  ['12', [[12, 12]]],
  [
    '12,20-31',
    [
      [12, 12],
      [20, 31],
    ],
  ],
  [
    ' 31 - 40 , 12',
    [
      [12, 12],
      [31, 40],
    ],
  ],
  ['1,2,3', [[1, 3]]],
  ['5-9,1-6,9-9', [[1, 9]]],
])('reads %j', (text, ranges) => {
  expect(rangesIn(text)).toEqual(ranges)
})

it.each(['', ',', '1,', '-1', '1-', '3-2', '1.5', '0x10', 'a', '1 2', '99999999999999999999', '1--2'])(
  'refuses %j',
  (text) => {
    expect(() => rangesIn(text)).toThrow(expect.objectContaining({ code: 'usage' }))
  },
)

it('answers ranges with exactly the indexes that were named, whatever their order', () => {
  const pair = fc.tuple(fc.nat(60), fc.nat(5)).map(([first, more]): [number, number] => [first, first + more])
  fc.assert(
    fc.property(fc.array(pair, { minLength: 1, maxLength: 20 }), (pairs) => {
      const ranges = rangesIn(pairs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join())
      expect(EntryRanges.parse(ranges)).toEqual(ranges)
      const all = (of: Array<[number, number]>) =>
        [
          ...new Set(of.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at))),
        ].sort((a, b) => a - b)
      expect(all(ranges)).toEqual(all(pairs))
    }),
  )
})

it('refuses any other text instead of guessing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      try {
        expect(EntryRanges.safeParse(rangesIn(text)).success).toBe(true)
        expect(text).toMatch(/^[\d\s,-]+$/)
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'usage' })
      }
    }),
  )
})
