import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clockOf } from './clock.ts'

const START = Date.UTC(2026, 0, 1)
const YEAR_MS = 365 * 86_400_000

describe('a timer', () => {
  let shown: number
  const clock = clockOf(() => shown)
  const pass = (ms: number): void => {
    shown += ms
    vi.advanceTimersByTime(ms)
  }

  beforeEach(() => {
    shown = START
    vi.useFakeTimers()
  })
  afterEach(() => vi.useRealTimers())

  it('goes off once, years later too', () => {
    let calls = 0
    clock.timer(START + YEAR_MS, () => {
      calls += 1
    })
    for (let day = 0; day < 364; day += 1) pass(86_400_000)
    expect(calls).toBe(0)
    for (let minute = 0; minute < 24 * 60; minute += 1) pass(60_000)
    expect(calls).toBe(1)
    pass(YEAR_MS)
    expect(calls).toBe(1)
  })

  it('goes off for a time that has passed, but not at once', () => {
    let calls = 0
    clock.timer(START - 1, () => {
      calls += 1
    })
    expect(calls).toBe(0)
    vi.advanceTimersByTime(0)
    expect(calls).toBe(1)
  })

  it('notices within a minute that the clock was set', () => {
    let calls = 0
    clock.timer(START + YEAR_MS, () => {
      calls += 1
    })
    shown += YEAR_MS
    vi.advanceTimersByTime(60_000)
    expect(calls).toBe(1)
  })

  it('does not go off once it is cancelled', () => {
    const timer = clock.timer(START + 10, () => expect.unreachable())
    timer.cancel()
    pass(YEAR_MS)
  })
})
