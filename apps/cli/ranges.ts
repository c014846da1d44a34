import { EntryRanges } from '@azora/contracts'
import { usageError } from './exit.ts'

/** Indexes as people write them: in any order, also overlapping. */
export function rangesIn(text: string): EntryRanges {
  const ranges: EntryRanges = []
  const parts = text.split(',').map((part): [number, number] => {
    const [, first = '', last = first] = /^\s*(\d{1,15})(?:\s*-\s*(\d{1,15}))?\s*$/.exec(part) ?? []
    if (first === '' || Number(last) < Number(first)) throw noRanges(part)
    return [Number(first), Number(last)]
  })
  for (const [first, last] of parts.sort(([a], [b]) => a - b)) {
    const before = ranges.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else ranges.push([first, last])
  }
  const parsed = EntryRanges.safeParse(ranges)
  if (parsed.success) return parsed.data
  throw noRanges(text)
}

const noRanges = (part: string) =>
  usageError(`--entries has no indexes of entries: ${part}`, 'Write them like 12,20-31.')
