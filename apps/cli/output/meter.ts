import { createLogUpdate } from 'log-update'
import type { Screen } from './screen.ts'
import { shorten } from './style.ts'
import { bytes } from './text.ts'

/** How far a transfer is: one line that changes, where people see it change, and nothing elsewhere. */
export interface Meter {
  /** @param count bytes so far; less than before when it began again */
  at(count: number): void
  /** The line goes. */
  done(): void
}

/** Less is there before a line could be read. */
const LEAST_BYTES = 8 * 1024 * 1024
const REDRAWN_MS = 100

/** @param total bytes in all, where that is known */
export function createMeter(
  { side, style }: Pick<Screen, 'side' | 'style'>,
  what: string,
  total: number | undefined,
  now: () => number = () => performance.now(),
): Meter {
  if (!side || (total !== undefined && total < LEAST_BYTES)) return { at: () => {}, done: () => {} }
  const update = createLogUpdate(side)
  let last = 0
  let beganAt = now()
  let drawnAt = Number.NEGATIVE_INFINITY
  return {
    at(count) {
      const time = now()
      if (count < last) beganAt = time
      last = count
      if (time - drawnAt < REDRAWN_MS || (total === undefined && count < LEAST_BYTES)) return
      drawnAt = time
      const line = meterText(what, count, total, time - beganAt)
      update(`  ${style.quiet(shorten(line, (side.columns ?? 120) - 4))}`)
    },
    done() {
      update.clear()
      update.done()
    },
  }
}

export function meterText(what: string, count: number, total: number | undefined, ms: number): string {
  const part =
    total === undefined ? bytes(count) : `${bytes(count)} of ${bytes(total)}, ${Math.floor((100 * count) / total)} %`
  return ms > 0 ? `${what}: ${part}, ${bytes(Math.round((1_000 * count) / ms))}/s` : `${what}: ${part}`
}
