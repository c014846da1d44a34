import type { Clock, Timer } from '@azora/base'
import TinyQueue from 'tinyqueue'

/** Runs that wait for a time, with nothing of them in memory but these few bytes, and one timer for all. */
export interface Wakes {
  /** Puts the run in; its earlier time is forgotten. */
  put(run: string, atMs: number): void
  /** Puts the run in; a time before it stays. */
  putBy(run: string, atMs: number): void
  /** Takes the run out. */
  drop(run: string): void
  stop(): void
}

interface Wake {
  run: string
  atMs: number
}

const STALE_MAX = 1_000

const ordered = (wakes: Wake[]): TinyQueue<Wake> => new TinyQueue(wakes, (a, b) => a.atMs - b.atMs)

/** @param onTime called when the run's time has come */
export function createWakes(clock: Clock, onTime: (run: string) => void): Wakes {
  const current = new Map<string, Wake>()
  let queue = ordered([])
  let timer: Timer | undefined
  let timerMs = Number.POSITIVE_INFINITY

  /** Wakes that were replaced or dropped stay in the queue until they come up, or are more than the others. */
  function next(): Wake | undefined {
    for (let wake = queue.peek(); wake; wake = queue.peek()) {
      if (current.get(wake.run) === wake) return wake
      queue.pop()
    }
    return undefined
  }

  function arm(): void {
    const atMs = next()?.atMs ?? Number.POSITIVE_INFINITY
    if (atMs === timerMs) return
    timer?.cancel()
    timer = Number.isFinite(atMs) ? clock.timer(atMs, ring) : undefined
    timerMs = atMs
  }

  function ring(): void {
    timerMs = Number.POSITIVE_INFINITY
    for (let wake = next(); wake && wake.atMs <= clock.now(); wake = next()) {
      current.delete(wake.run)
      onTime(wake.run)
    }
    arm()
  }

  function put(run: string, atMs: number): void {
    if (queue.length > 2 * current.size + STALE_MAX) queue = ordered([...current.values()])
    const wake = { run, atMs }
    current.set(run, wake)
    queue.push(wake)
    arm()
  }

  return {
    put,
    putBy(run, atMs) {
      if (!((current.get(run)?.atMs ?? Number.POSITIVE_INFINITY) <= atMs)) put(run, atMs)
    },
    drop(run) {
      current.delete(run)
    },
    stop() {
      timer?.cancel()
      current.clear()
    },
  }
}
