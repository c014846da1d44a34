import type { EntryKind } from '@azora/contracts'
import type { Journal, ScannedEntry } from '@azora/journal'

/** All entries of some kinds, of which a log has few. */
export async function* entriesOf(
  journal: Pick<Journal, 'scan'>,
  kinds: readonly EntryKind[],
): AsyncGenerator<ScannedEntry> {
  let after = -1
  for (;;) {
    const page = await journal.scan(kinds, after)
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = last.index
  }
}
