import type { RunFold } from '../fold/run-fold.ts'
import { repeatsFromMs } from './repeatable.ts'

/**
 * The next time after `nowMs` at which time alone changes what is decided about a run, in milliseconds since 1970; infinite
 * when none does.
 */
export function dueMs({ spec, state, steps, outputReview }: RunFold, nowMs: number): number {
  let due = Number.POSITIVE_INFINITY
  const considerMs = (atMs: number): void => {
    if (atMs > nowMs && atMs < due) due = atMs
  }
  const consider = (at: string | undefined): void => {
    if (at !== undefined) considerMs(Date.parse(at))
  }
  consider(spec.deadline)
  if (state === 'scheduled') consider(spec.startAt)
  for (const step of steps.values()) {
    const { review, retry, wait, outcome } = step
    if (wait && !outcome) considerMs(wait.untilMs)
    if (review && !review.decision) consider(review.expiresAt)
    if (review?.decision === 'approve') considerMs(repeatsFromMs(step))
    if (retry) considerMs(retry.dueMs)
  }
  if (outputReview && !outputReview.decision) consider(outputReview.expiresAt)
  return due
}
