import type { Clock } from '@azora/base'
import type { Arranged, Loop, Machine } from './loop.ts'
import { START_MS } from './own.ts'

/** A machine's own clock, which may jump. */
export interface MachineClock extends Clock {
  jump(ms: number): void
}

/** The longest that a timer of ours sleeps before it looks at the clock again. */
const SLEEP_MS_MAX = 60_000

/** @param onRead called with each time that is read off it, in milliseconds since 1970 */
export function createClock(loop: Loop, machine: Machine, onRead?: (ms: number) => void): MachineClock {
  const timers = new Set<{ arranged: Arranged; arm(ms: number): void; atMs: number }>()
  const now = (): number => START_MS + loop.nowMs + machine.skewMs
  return {
    now() {
      const ms = now()
      onRead?.(ms)
      return ms
    },
    timer(atMs, onTime) {
      const look = (): void => {
        if (now() < atMs) timer.arm(atMs - now())
        else {
          timers.delete(timer)
          onTime()
        }
      }
      const timer = {
        atMs,
        arranged: { cancel: () => {} } as Arranged,
        arm(ms: number): void {
          timer.arranged = loop.after(Math.max(ms, 0), machine, 'timer', look)
        },
      }
      timers.add(timer)
      timer.arm(atMs - now())
      return {
        cancel() {
          timers.delete(timer)
          timer.arranged.cancel()
        },
      }
    },
    after: (ms, onTime) => loop.after(ms, machine, 'after', onTime),
    jump(ms) {
      machine.skewMs += ms
      if (ms <= 0) return
      // What is due earlier now is noticed at the next look.
      for (const timer of timers) {
        timer.arranged.cancel()
        timer.arm(Math.min(Math.max(timer.atMs - now() + ms, 0), Math.max(timer.atMs - now(), 0) + SLEEP_MS_MAX))
      }
    },
  }
}
