interface PageOf<T> {
  items: readonly T[]
  next?: string | undefined
}

/** Every item of a list that comes in pages: `itemsOf((cursor) => api.runs.list({ query: { cursor } }))`. */
export async function* itemsOf<T>(
  page: (cursor: string | undefined) => Promise<PageOf<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined
  do {
    const { items, next } = await page(cursor)
    yield* items
    cursor = next
  } while (cursor !== undefined)
}
