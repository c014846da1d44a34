import { type Entry, type EntryHeader, type EntryPayload, type Failure, NODE_GONE, type Retry } from '@azora/contracts'
import { type Batch, useBatch } from './batch.ts'
import { CODE_GONE } from './code-gone.ts'
import type { StepFold } from './step-fold.ts'
import { hasEnded } from './step-state.ts'

export function takeVerdict(
  { batches }: { batches: Batch[] },
  step: StepFold,
  { action, result, permission, share, reviewId }: EntryPayload<'action.verified'>,
): void {
  step.action = action
  delete step.reserved
  delete step.retry
  step.result = result
  if (permission) step.permission = permission
  else delete step.permission
  if (share) step.share = share
  else delete step.share
  step.verifications += 1
  step.started = false
  if (reviewId) useBatch(batches, reviewId, step.step.id)
  // An approval is spent by the verdict that it leads to.
  if (step.review?.decision === 'approve') delete step.review
}

export function startAttempt(step: StepFold, { header, payload }: Entry<'action.started'>): void {
  step.started = true
  delete step.retry
  step.attempts = payload.attempt
  step.startedMs = Date.parse(header.at)
  delete step.child
}

export function endAttempt(step: StepFold, { header, payload }: Entry<'action.finished'>): void {
  if (payload.retry) failAttempt(step, payload, payload.retry, header)
  else {
    step.outcome = payload.outcome
    step.endedAt = header.index
  }
  delete step.retrying
  step.started = false
}

export function refuseAttempt(step: StepFold, { error }: EntryPayload<'action.refused'>): void {
  step.refusal = error
  // A node that went away before it was asked says nothing about the action.
  if (error.code !== NODE_GONE) step.refusals += 1
  step.started = false
}

/** What was allowed stays allowed to have cost what it may have cost; the next attempt is judged anew. */
function failAttempt(
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
