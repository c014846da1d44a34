import type { EntryRanges } from '@azora/contracts'

/** @param indexes ascending, each once */
export function rangesOf(indexes: readonly number[]): EntryRanges {
  const ranges: EntryRanges = []
  for (const index of indexes) {
    const last = ranges.at(-1)
    if (last && index === last[1] + 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges
}

/** The indexes of the ranges in groups of up to `limit`. */
export function* groupsOf(ranges: EntryRanges, limit: number): Generator<number[]> {
  let group: number[] = []
  for (const [first, last] of ranges) {
    for (let index = first; index <= last; index += 1) {
      group.push(index)
      if (group.length < limit) continue
      yield group
      group = []
    }
  }
  if (group.length > 0) yield group
}
