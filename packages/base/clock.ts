export interface Timer {
  /** What has not begun by now doesn't begin. */
  cancel(): void
}

/** The only source of time in services, so that simulations can own it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number
  /**
   * Calls back once when `now()` has reached a time, which may be months away; never at once, also for one that has passed.
   * It keeps no process alive.
   */
  timer(atMs: number, onTime: () => void): Timer
  /** Calls back once when so much time has passed, also when the clock was set meanwhile. It keeps no process alive. */
  after(ms: number, onTime: () => void): Timer
}

/**
 * The longest that a timer sleeps: it then looks at the clock again. So it is right soon after the clock was set or the
 * machine slept, and may wait for longer than the 2^31 - 1 ms of `setTimeout`.
 */
const SLEEP_MS_MAX = 60_000

/** A clock with real timers, that shows what it is told. */
export const clockOf = (now: () => number): Clock => ({
  now,
  timer(atMs, onTime) {
    let handle: NodeJS.Timeout
    const look = (): void => {
      if (now() >= atMs) onTime()
      else sleep()
    }
    const sleep = (): void => {
      handle = setTimeout(look, Math.min(Math.max(atMs - now(), 0), SLEEP_MS_MAX)).unref()
    }
    sleep()
    return { cancel: () => clearTimeout(handle) }
  },
  after(ms, onTime) {
    const handle = setTimeout(onTime, ms).unref()
    return { cancel: () => clearTimeout(handle) }
  },
})

export const systemClock: Clock = clockOf(() => Date.now())

/** RFC 3339 in UTC with milliseconds. */
export const timestamp = (ms: number): string => new Date(ms).toISOString()
