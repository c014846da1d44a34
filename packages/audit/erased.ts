const PAGE_ENTRIES = 65_536

/** Entries whose payload is gone and not yet explained: one bit for each, in pages that exist where there are some. */
export interface ErasedEntries {
  readonly count: number
  add(index: number): void
  /** An entry says that the payloads of these were erased; `to` is the last of them. */
  explain(from: number, to: number): void
  /** The first one that no entry explains. */
  unexplained(): number | undefined
}

export function createErasedEntries(): ErasedEntries {
  const pages = new Map<number, Uint8Array>()
  let count = 0
  const clear = (page: Uint8Array, from: number, to: number): void => {
    for (let at = from; at <= to; at += 1) page[at >> 3] = (page[at >> 3] as number) & ~(1 << (at & 7))
  }
  return {
    get count() {
      return count
    },
    add(index) {
      const name = Math.floor(index / PAGE_ENTRIES)
      let page = pages.get(name)
      if (!page) {
        page = new Uint8Array(PAGE_ENTRIES / 8)
        pages.set(name, page)
      }
      const at = index % PAGE_ENTRIES
      page[at >> 3] = (page[at >> 3] as number) | (1 << (at & 7))
      count += 1
    },
    explain(from, to) {
      for (const [name, page] of pages) {
        const start = name * PAGE_ENTRIES
        if (start > to || start + PAGE_ENTRIES <= from) continue
        clear(page, Math.max(0, from - start), Math.min(PAGE_ENTRIES - 1, to - start))
      }
    },
    unexplained() {
      let first: number | undefined
      for (const [name, page] of pages) {
        const byte = page.findIndex((value) => value !== 0)
        if (byte === -1) continue
        const index = name * PAGE_ENTRIES + byte * 8 + 31 - Math.clz32((page[byte] as number) & -(page[byte] as number))
        if (first === undefined || index < first) first = index
      }
      return first
    },
  }
}
