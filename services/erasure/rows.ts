import type { EntryRanges } from '@azora/contracts'
import type { Journal, ScannedEntry } from '@azora/journal'

const GROUP = 500

/** The entries of ranges in their order, in groups of some hundred; what the log does not have is left out. */
export async function* rowsIn(journal: Pick<Journal, 'scan'>, ranges: EntryRanges): AsyncGenerator<ScannedEntry[]> {
  let group: ScannedEntry[] = []
  let page: ScannedEntry[] = []
  for (const [first, last] of ranges) {
    for (let next = first; next <= last; ) {
      // Ranges that are close together are found on one page.
      if ((page.at(-1)?.index ?? -1) < next) page = await journal.scan('all', next - 1)
      const found = page.filter(({ index }) => index >= next && index <= last)
      group.push(...found)
      next = Math.max(found.at(-1)?.index ?? last, next) + 1
      if (group.length < GROUP) continue
      yield group
      group = []
    }
  }
  if (group.length > 0) yield group
}
