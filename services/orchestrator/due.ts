import type { RunFold } from './fold.ts'

/**
 * The next time after `nowMs` at which time alone changes what is decided about a run, in milliseconds since 1970; infinite
 * when none does.
 */
export function dueMs({ spec, steps, outputReview }: RunFold, nowMs: number): number {
  let due = Number.POSITIVE_INFINITY
  const considerMs = (atMs: number): void => {
    if (atMs > nowMs && atMs < due) due = atMs
  }
  const consider = (at: string | undefined): void => {
    if (at !== undefined) considerMs(Date.parse(at))
  }
  consider(spec.deadline)
  for (const { review, retry, wait, outcome } of steps.values()) {
    if (wait && !outcome) considerMs(wait.untilMs)
    if (review && !review.decision) consider(review.expiresAt)
    if (retry) considerMs(retry.dueMs)
  }
  if (outputReview && !outputReview.decision) consider(outputReview.expiresAt)
  return due
}
