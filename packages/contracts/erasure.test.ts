import { expect, it } from 'vitest'
import { DATA_CLASSES, EntryKind, EntryRanges } from './index.ts'

it.each([
  [
    'descending',
    [
      [5, 6],
      [1, 2],
    ],
  ],
  ['upside down', [[6, 5]]],
  [
    'overlapping',
    [
      [1, 5],
      [5, 6],
    ],
  ],
  [
    'adjoining',
    [
      [1, 5],
      [6, 7],
    ],
  ],
  ['negative', [[-1, 5]]],
  ['fractional', [[1, 1.5]]],
  ['half', [[1]]],
])('ranges that are %s are refused', (_, ranges) => {
  expect(EntryRanges.safeParse(ranges).success).toBe(false)
})

it('ranges have one form', () => {
  expect(
    EntryRanges.parse([
      [0, 0],
      [2, 5],
      [7, 7],
    ]),
  ).toEqual([
    [0, 0],
    [2, 5],
    [7, 7],
  ])
})

it('every kind of entry has a class, or says why its payload is kept', () => {
  expect(Object.keys(DATA_CLASSES).sort()).toEqual([...EntryKind.options].sort())
  for (const erasability of Object.values(DATA_CLASSES))
    if ('kept' in erasability) expect(erasability.kept.length).toBeGreaterThan(20)
})

/** What the server reads at its start, or checks others against. */
const NEEDED =
  /^(constitution\.|journal\.|principal\.|skill\.|catalog\.|agent\.registered|erasure\.|retention\.|secret\.(put|rotated|revoked|removed))/

it.each(EntryKind.options.filter((kind) => NEEDED.test(kind)))('%s is never erased', (kind) => {
  expect(DATA_CLASSES[kind]).toHaveProperty('kept')
})
