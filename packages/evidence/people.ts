import type { PartiesStatement } from '@azora/contracts'
import { isTold, readEntry } from './story.ts'

/** Who signs with which keys, as the log says it. */
export interface People {
  /** The keys of a principal that were on record just before an entry. */
  keysAt(principal: string, index: number): readonly string[]
}

/** Reads what is on record about people. */
export function readPeople(principals: PartiesStatement['predicate']['principals']): People {
  const changes = principals.map(({ entry }) => readEntry(entry).entry).sort((a, b) => a.header.index - b.header.index)
  return {
    keysAt(principal, index) {
      let keys: readonly string[] = []
      for (const entry of changes) {
        if (entry.header.index >= index) break
        if (isTold(entry, 'principal.added') && entry.payload.principal === principal) keys = entry.payload.keys
        if (isTold(entry, 'principal.removed') && entry.payload.principal === principal) keys = []
      }
      return keys
    },
  }
}
