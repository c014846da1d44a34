import { clockOf } from '@azora/base'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createWakes } from './wakes.ts'

const START = Date.UTC(2026, 0, 1)

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())

it('wakes each run at the last time that it was put in for, unless it was taken out', () => {
  const changes = fc.array(
    fc.record({ run: fc.constantFrom('a', 'b', 'c'), inMs: fc.nat(5_000), drop: fc.boolean(), pass: fc.nat(900) }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(changes, (list) => {
      vi.setSystemTime(START)
      const woken: string[] = []
      const expected = new Map<string, number>()
      const due: string[] = []
      const wakes = createWakes(clockOf(Date.now), (run) => {
        woken.push(`${run} ${Date.now()}`)
      })
      const pass = (ms: number): void => {
        const until = Date.now() + ms
        for (const [run, atMs] of [...expected].sort(([, a], [, b]) => a - b)) {
          if (atMs > until) continue
          expected.delete(run)
          due.push(`${run} ${atMs}`)
        }
        vi.advanceTimersByTime(ms)
      }
      for (const { run, inMs, drop, pass: ms } of list) {
        if (drop) wakes.drop(run)
        else wakes.put(run, Date.now() + inMs + 1)
        if (drop) expected.delete(run)
        else expected.set(run, Date.now() + inMs + 1)
        pass(ms)
      }
      pass(100_000)
      expect(woken.sort()).toEqual(due.sort())
      wakes.stop()
    }),
  )
})

it('wakes a run at the earlier of two times where the second is only the latest', () => {
  const woken: number[] = []
  const wakes = createWakes(clockOf(Date.now), () => void woken.push(Date.now() - START))
  wakes.put('a', START + 300)
  wakes.putBy('a', START + 500)
  vi.advanceTimersByTime(1_000)
  wakes.put('b', START + 1_500)
  wakes.putBy('b', START + 1_200)
  wakes.putBy('c', START + 1_700)
  vi.advanceTimersByTime(1_000)
  expect(woken).toEqual([300, 1_200, 1_700])
  wakes.stop()
})
