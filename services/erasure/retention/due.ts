import { DATA_CLASSES, type DataClass, dataClassOf, type EntryKind } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { type Candidate, candidateOf } from '../candidates.ts'
import { openRuns } from '../plan.ts'

export interface Due {
  headers: Candidate['header'][]
  /** True when the limit was reached before the time was. */
  more: boolean
  /** Up to where nothing of this class is left to erase. */
  clearedTo: number
}

export interface DueQuery {
  tenant: string
  class: DataClass
  /** RFC 3339. */
  before: string
  /** Looks behind this index only. */
  after: number
  limit: number
}

/** The payloads of a class that are older than a time and whose runs have ended, oldest first. */
export async function dueIn(journal: Pick<Journal, 'scan' | 'states'>, query: DueQuery): Promise<Due> {
  const kinds = (Object.keys(DATA_CLASSES) as EntryKind[]).filter((kind) => dataClassOf(kind) === query.class)
  const beforeMs = Date.parse(query.before)
  const headers: Candidate['header'][] = []
  let clearedTo = query.after
  let passedOver = false
  for (let after = query.after; ; ) {
    const page = (await journal.scan(kinds, after, { unerased: true })).map(candidateOf)
    const running = await openRuns(journal, page)
    for (const { header } of page) {
      // Time never runs backwards in a journal.
      if (Date.parse(header.at) >= beforeMs) return { headers, more: false, clearedTo }
      if (headers.length === query.limit) return { headers, more: true, clearedTo }
      after = header.index
      const goesOn = running.has(header.run ?? '')
      passedOver ||= goesOn
      if (!passedOver) clearedTo = header.index
      if (header.tenant === query.tenant && !goesOn) headers.push(header)
    }
    if (page.length === 0) return { headers, more: false, clearedTo }
  }
}
