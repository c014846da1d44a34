import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRests, type RestChanges } from './rests.ts'

const UNTIL = Number.POSITIVE_INFINITY
const RUNS = ['a', 'b', 'c'] as const

const told = (to: number, ...last: Array<[string, number]>) => ({ to, lastOf: new Map(last) })

it('a run is at rest once the entries that it was looked at with are told, and no more came', () => {
  const rests = createRests()
  rests.note({ run: 'a', index: 4, untilMs: 9 })
  expect(rests.after(told(4, ['b', 3]))).toEqual({ resting: [], woken: ['b'] })
  expect(rests.after(told(6, ['a', 4]))).toEqual({ resting: [{ run: 'a', index: 4, untilMs: 9 }], woken: [] })
})

it('what came meanwhile wakes it for good, also where that could not be kept at first', () => {
  const rests = createRests()
  rests.note({ run: 'a', index: 4, untilMs: UNTIL })
  expect(rests.after(told(6, ['a', 5]))).toEqual({ resting: [], woken: ['a'] })
  expect(rests.after(told(8))).toEqual({ resting: [], woken: [] })
})

it('what could not be kept is kept with the next changes, and once', () => {
  const rests = createRests()
  rests.note({ run: 'a', index: 4, untilMs: UNTIL })
  const { resting } = rests.after(told(6))
  expect(rests.after(told(6)).resting).toEqual(resting)
  rests.settle(resting)
  expect(rests.after(told(7)).resting).toEqual([])
})

it('whatever happens in whatever order, a run is kept at rest only with its last entry, and then as it was seen', () => {
  const event = fc.oneof(
    fc.record({ do: fc.constant('entry' as const), run: fc.constantFrom(...RUNS) }),
    fc.record({ do: fc.constant('look' as const), run: fc.constantFrom(...RUNS) }),
    fc.record({ do: fc.constant('keep' as const), isLost: fc.boolean() }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const rests = createRests()
      const last = new Map<string, number>()
      const kept = new Map<string, number>()
      let size = 0
      let untold = new Map<string, number>()
      for (const one of events) {
        if (one.do === 'entry') {
          last.set(one.run, size)
          untold.set(one.run, size)
          size += 1
        } else if (one.do === 'look') {
          const index = last.get(one.run)
          if (index !== undefined) rests.note({ run: one.run, index, untilMs: UNTIL })
        } else {
          const changes: RestChanges = rests.after({ to: size, lastOf: untold })
          if (one.isLost) continue
          for (const run of changes.woken) kept.delete(run)
          for (const { run, index } of changes.resting) kept.set(run, index)
          rests.settle(changes.resting)
          untold = new Map()
          for (const [run, index] of kept) expect(index).toBe(last.get(run))
        }
      }
    }),
  )
})
