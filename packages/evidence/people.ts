import type { EntryHeader, PartiesStatement } from '@azora/contracts'
import { isTold, readEntry } from './story.ts'

/** Who signs with which keys, as the log says it. */
export interface People {
  /** The keys of an entry's actor that were on record just before it. Ids are each tenant's own. */
  keysAt(entry: Pick<EntryHeader, 'tenant' | 'actor' | 'index'>): readonly string[]
}

/** Reads what is on record about people. */
export function readPeople(principals: PartiesStatement['predicate']['principals']): People {
  const changes = principals.map(({ entry }) => readEntry(entry).entry).sort((a, b) => a.header.index - b.header.index)
  return {
    keysAt({ tenant, actor, index }) {
      let keys: readonly string[] = []
      for (const entry of changes) {
        if (entry.header.index >= index) break
        if (entry.header.tenant !== tenant) continue
        if (isTold(entry, 'principal.added') && entry.payload.principal === actor) keys = entry.payload.keys
        if (isTold(entry, 'principal.key_added') && entry.payload.principal === actor) keys = [entry.payload.key]
        if (isTold(entry, 'principal.removed') && entry.payload.principal === actor) keys = []
      }
      return keys
    },
  }
}
