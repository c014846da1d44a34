import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createReadyQueue, type ReadyQueue } from './ready-queue.ts'

const drain = (queue: ReadyQueue): string[] => {
  const taken: string[] = []
  for (let run = queue.take(); run !== undefined; run = queue.take()) taken.push(run)
  return taken
}

it('the urgent go first, and within a priority the first come', () => {
  const runs = fc.uniqueArray(fc.record({ id: fc.uuid(), priority: fc.integer({ min: 0, max: 9 }) }), {
    selector: ({ id }) => id,
  })
  fc.assert(
    fc.property(runs, (waiting) => {
      const queue = createReadyQueue()
      for (const { id, priority } of waiting) queue.put(id, priority)
      const expected = waiting.toSorted((a, b) => b.priority - a.priority).map(({ id }) => id)
      expect(drain(queue)).toEqual(expected)
    }),
  )
})

it('a run waits once', () => {
  const queue = createReadyQueue()
  for (const run of ['a', 'b', 'a']) queue.put(run, 5)
  expect(drain(queue)).toEqual(['a', 'b'])
})

it('a priority out of range is the nearest one', () => {
  const queue = createReadyQueue()
  queue.put('low', -1)
  queue.put('high', 99)
  expect(drain(queue)).toEqual(['high', 'low'])
})
