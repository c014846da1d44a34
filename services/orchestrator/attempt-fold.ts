import type { EntryHeader, EntryPayload, Failure, Retry } from '@azora/contracts'
import { CODE_GONE } from './code-gone.ts'
import type { StepFold } from './step-fold.ts'
import { hasEnded } from './step-state.ts'

/** What was allowed stays allowed to have cost what it may have cost; the next attempt is judged anew. */
export function failAttempt(
  step: StepFold,
  { outcome }: EntryPayload<'action.finished'>,
  { attempt, waitMs }: Retry,
  { at }: EntryHeader,
): void {
  const { count, tookMs } = step.failures ?? { count: 0, tookMs: 0 }
  step.failures = { count: count + 1, tookMs: tookMs + outcome.durationMs + waitMs }
  step.retry = { attempt, dueMs: Date.parse(at) + waitMs, error: outcome.error ?? UNTOLD }
  step.settled = step.verifications
  step.refusals = 0
  delete step.permission
}

const UNTOLD: Failure = { code: 'failed', message: 'it failed' }

/** People resumed the run: nodes are asked anew for the code that they didn't have. */
export function askAnew(steps: Iterable<StepFold>): void {
  for (const step of steps) {
    if (step.refusal?.code !== CODE_GONE || hasEnded(step)) continue
    step.settled = step.verifications
    step.refusals = 0
  }
}
