import type { Entry } from '@azora/contracts'
import { expect, it } from 'vitest'
import { recordsOf } from './records.ts'

const READER = { id: 'user:alice', tenant: 'default' }
const entry = (index: number, to?: string): Entry =>
  ({
    header: { index, run: 'r', kind: 'run.started', ...(to && { transition: { to } }) },
    payload: { text: 'x'.repeat(100) },
  }) as never

function journalWith(past: Entry[]) {
  const listeners = new Set<(entries: Entry[]) => void>()
  return {
    subscribe(listener: (entries: Entry[]) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    within: () => ({ readRun: async () => past }),
    tell: (...entries: Entry[]) => listeners.forEach((listener) => void listener(entries)),
    listeners,
  }
}

async function indexesOf(records: ReturnType<typeof recordsOf>): Promise<unknown[]> {
  const seen: unknown[] = []
  try {
    for await (const { header } of records) seen.push(header.index)
  } catch (thrown) {
    seen.push((thrown as { code?: string }).code)
  }
  return seen
}

const what = { runId: 'r', after: -1, reader: READER }

it('tells what was and what comes once, in order, until the run has ended', async () => {
  const journal = journalWith([entry(1), entry(2)])
  const seen = indexesOf(recordsOf(journal, what, new AbortController().signal))
  await expect.poll(() => journal.listeners.size).toBe(2)
  journal.tell(entry(2), entry(3))
  journal.tell(entry(4, 'success'), entry(5))
  expect(await seen).toEqual([1, 2, 3, 4])
  expect(journal.listeners.size).toBe(0)
})

it('gives a slow reader what fits, and then says so', async () => {
  const journal = journalWith([1, 2, 3, 4, 5].map((index) => entry(index)))
  expect(await indexesOf(recordsOf(journal, what, new AbortController().signal, 500))).toEqual([1, 2, 'overloaded'])
  expect(journal.listeners.size).toBe(0)
})

it('listens no longer when nobody reads', async () => {
  const journal = journalWith([entry(1)])
  const gone = new AbortController()
  const seen = indexesOf(recordsOf(journal, what, gone.signal))
  await expect.poll(() => journal.listeners.size).toBe(2)
  gone.abort()
  expect((await seen).at(-1)).toBe(1)
  const left = recordsOf(journal, what, new AbortController().signal)
  await left.next()
  await left.return(undefined)
  expect(journal.listeners.size).toBe(0)
})
