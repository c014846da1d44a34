import { ENTRY_PAYLOADS, EntryHeader, type ErasureView } from '@azora/contracts'
import type { Journal, ScannedEntry } from '@azora/journal'

const KINDS = ['erasure.requested', 'erasure.completed'] as const

/** The erasures on record behind an index, in order. At most one is open at any time: each completion is the last request's. */
export async function* erasuresIn(journal: Pick<Journal, 'scan'>, behind: number): AsyncGenerator<ErasureView> {
  let open: ErasureView | undefined
  for (let after = behind; ; ) {
    const page = await journal.scan(KINDS, after)
    for (const entry of page) {
      after = entry.index
      const { tenant, at } = EntryHeader.parse(JSON.parse(entry.header))
      if (entry.kind === 'erasure.requested') {
        if (open) yield open
        open = requested(entry, tenant)
      } else if (open) {
        yield { ...open, state: 'completed', completedAt: at }
        open = undefined
      }
    }
    if (page.length === 0) break
  }
  if (open) yield open
}

function requested({ index, payload }: ScannedEntry, tenant: string): ErasureView {
  const { statement, count } = ENTRY_PAYLOADS['erasure.requested'].parse(JSON.parse(payload ?? 'null'))
  const { type: _type, ...said } = statement
  return { ...said, index, tenant, count, state: 'requested' }
}
