/** What the last action counts of the average. */
const SHARE = 0.1

/** How long the actions of one process take. */
export interface Pace {
  note(tookMs: number): void
  /** An average in which the last few count most; infinite before the first. */
  usualMs(): number
}

export function createPace(): Pace {
  let usualMs = Number.POSITIVE_INFINITY
  return {
    note(tookMs) {
      usualMs = Number.isFinite(usualMs) ? usualMs + (tookMs - usualMs) * SHARE : tookMs
    },
    usualMs: () => usualMs,
  }
}
