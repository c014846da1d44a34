import type { EntryHeader } from '@azora/contracts'
import type { Draft } from './draft.ts'
import type { JournalStore } from './store/port.ts'

/** A draft whose caller can be answered with an entry that is in the log. */
interface Asking {
  draft: Pick<Draft, 'key'>
  answer(header: EntryHeader): void
}

/** Keeps every key to one entry, without asking the store about keys that nobody has used yet. */
export interface KeyBook {
  /**
   * Answers drafts whose key is in the log. Of those that share a key, all but the first have to wait for it. With
   * `suspects` only keys that were used lately are looked up: what it lets through may still be refused by the store.
   */
  sortOut<D extends Asking>(drafts: readonly D[], look: 'suspects' | 'all'): Promise<{ fresh: D[]; later: D[] }>
  /** Tells of keys that are in the log from now on. */
  remember(drafts: readonly Asking[]): void
}

const REMEMBERED_MAX = 20_000

export function createKeyBook(store: Pick<JournalStore, 'readKeys'>, shard: string): KeyBook {
  const used = new Set<string>()

  async function held(keys: string[]): Promise<Map<string, EntryHeader>> {
    if (keys.length === 0) return new Map()
    const rows = await store.readKeys(shard, keys)
    return new Map(rows.map((row) => [row.key ?? '', JSON.parse(row.header)]))
  }

  return {
    async sortOut(drafts, look) {
      const keys = drafts.flatMap(({ draft: { key } }) => (key && (look === 'all' || used.has(key)) ? [key] : []))
      const found = await held(keys)
      const seen = new Set<string>()
      const later: (typeof drafts)[number][] = []
      const fresh = drafts.filter((asking) => {
        const { key } = asking.draft
        if (!key) return true
        const header = found.get(key)
        if (header) asking.answer(header)
        else if (seen.has(key)) later.push(asking)
        else return Boolean(seen.add(key))
        return false
      })
      return { fresh, later }
    },
    remember(drafts) {
      if (used.size > REMEMBERED_MAX) used.clear()
      for (const { draft } of drafts) if (draft.key) used.add(draft.key)
    },
  }
}
