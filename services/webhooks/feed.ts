import type { EntryKind } from '@azora/contracts'
import { WebhookEvent } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Told } from './event.ts'

export const TOLD_KINDS: readonly EntryKind[] = WebhookEvent.options

export interface Page {
  /** In the order of the log. */
  entries: Told[]
  /** Index of the first entry behind what was read. */
  next: number
  /** Nothing is behind it. */
  last: boolean
}

/** The log as all endpoints read it: those that stand at the same place share one reading. */
export interface Feed {
  /** What receivers can be told of, from an index on. */
  from(index: number): Promise<Page>
}

const PAGES_MAX = 8

export function createFeed(journal: Pick<Journal, 'scan' | 'status'>): Feed {
  /** `size` is that of the log when it was read; what holds something stays as it is, however much comes after it. */
  const pages = new Map<number, { size: number; page: Promise<Page> }>()

  async function read(index: number, size: number): Promise<Page> {
    const rows = await journal.scan(TOLD_KINDS, index - 1)
    const entries = rows.map((row): Told => {
      const header = JSON.parse(row.header)
      return { index: row.index, kind: header.kind, header, payload: JSON.parse(row.payload ?? 'null') }
    })
    const newest = entries.at(-1)
    return newest
      ? { entries, next: newest.index + 1, last: false }
      : { entries, next: Math.max(index, size), last: true }
  }

  return {
    from(index) {
      const { size } = journal.status()
      const known = pages.get(index)
      if (known && known.size >= size) return known.page
      const page = read(index, size)
      const kept = { size, page }
      page.then(
        ({ last }) => {
          if (!last) kept.size = Number.POSITIVE_INFINITY
        },
        () => pages.delete(index),
      )
      pages.set(index, kept)
      if (pages.size > PAGES_MAX) pages.delete(pages.keys().next().value ?? 0)
      return page
    },
  }
}
