import { expect, it } from 'vitest'
import { itemsOf } from './pages.ts'

it('goes on to the next page until there is none, and asks for none that is not wanted', async () => {
  const pages: Record<string, { items: number[]; next?: string }> = {
    '': { items: [1, 2], next: 'a' },
    a: { items: [], next: 'b' },
    b: { items: [3] },
  }
  const asked: Array<string | undefined> = []
  const list = () =>
    itemsOf(async (cursor) => {
      asked.push(cursor)
      return pages[cursor ?? ''] ?? { items: [] }
    })
  const seen: number[] = []
  for await (const item of list()) seen.push(item)
  expect([seen, asked]).toEqual([
    [1, 2, 3],
    [undefined, 'a', 'b'],
  ])
  asked.length = 0
  for await (const item of list()) if (item === 1) break
  expect(asked).toEqual([undefined])
})
