import { type Clock, timestamp } from '@azora/base'
import { type FailedEnd, type Failure, isTerminal, mayFollow, type RunState } from '@azora/contracts'
import type { Draft } from '@azora/journal'
import type { Registry } from '@azora/skills'
import { compensationsFor } from '../deciding/compensation.ts'
import { PLAIN_TERMS } from '../fold/review-fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { ReviewFold, StepFold } from '../fold/step-fold.ts'
import { missedGoal, OUTPUT_STEP, ruleOnOutput } from '../judging/output.ts'
import type { Gate } from '../ports.ts'
import { askedKey, voteKey } from '../reviews/keys.ts'
import { othersWait } from '../reviews/reviewed.ts'
import type { Conclude } from './ahead.ts'
import { newReviewId, type RequestReview, type ReviewAsked } from './asking.ts'

/** The entries by which the orchestrator moves a run from state to state. */
export interface Moves {
  start(): Promise<void>
  /** Goes on after the last review. */
  resume(): Promise<void>
  /** Lets nothing new begin until people resume the run, for example for a budget that leaves no room. */
  pause(reason: string, budget?: string): Promise<void>
  requestReview: RequestReview
  /** Ends a review in which nobody decided in time. */
  expireReview(step: StepFold): Promise<void>
  expireOutput(): Promise<void>
  /** Asks the constitution about the final output. */
  validate(): Promise<void>
  finish(): Promise<void>
  cancel(): Promise<void>
  fail(error: Failure): Promise<void>
}

export const SYSTEM = 'system:orchestrator'
/** Where a run may begin something new. The journal holds it, so that nothing follows on a pause in the log. */
export const UNPAUSED = ['running', 'awaiting_review'] as const

/** @param fold kept up with the journal by the caller */
export function createMoves(
  deps: {
    append: Conclude
    conclude: Conclude
    registry: Pick<Registry, 'skill'>
    gate: Gate
    clock: Clock
  },
  fold: RunFold,
): Moves {
  const common = { tenant: fold.spec.tenant, actor: SYSTEM, run: fold.spec.runId }
  let last: Promise<unknown> = Promise.resolve()
  const expiryOf = ({ terms }: ReviewAsked): string =>
    timestamp(deps.clock.now() + (terms ?? PLAIN_TERMS).expiresMinutes * 60_000)

  /** Moves the run from wherever it is; in turn, so that two steps can't both leave the same state. */
  function move(make: (from: RunState) => Draft | undefined, append: Conclude = deps.append): Promise<void> {
    const next = last.then(async () => {
      const draft = make(fold.state)
      if (draft) await append(draft)
    })
    last = next.catch(() => undefined)
    return next
  }

  const to = (from: RunState, state: RunState) => ({ transition: { from, to: state } })
  /** Before a run ends without success, what it did is undone. */
  function undoing(from: RunState, end: FailedEnd, error?: Failure): Draft | undefined {
    if (fold.ending || (from !== 'running' && !mayFollow(from, 'running')) || from === 'scheduled') return undefined
    const steps = compensationsFor(deps.registry, fold, end)
    if (steps.length === 0) return undefined
    const payload = { end, steps, ...(error && { error }) }
    const begun: Draft = { ...common, kind: 'compensation.begun', payload }
    return { ...begun, ...(from === 'running' ? { standing: ['running'] } : to(from, 'running')) }
  }
  const fail = (error: Failure): Promise<void> =>
    move((from) => {
      if (isTerminal(from)) return undefined
      const failed: Draft = { ...common, kind: 'run.failed', payload: { error }, ...to(from, 'fail') }
      return undoing(from, 'fail', error) ?? failed
    })

  const requestReview: RequestReview = (stepId, review) =>
    move((from) => {
      const reviewId = newReviewId()
      return {
        ...common,
        kind: 'review.requested',
        key: askedKey(reviewId),
        payload: { reviewId, stepId, ...review, reasons: [...review.reasons], expiresAt: expiryOf(review) },
        ...(from === 'running' && to(from, 'awaiting_review')),
      }
    })
  const expire = (stepId: string, review: ReviewFold | undefined): Promise<void> =>
    move((from) => {
      if (!review || review.decision) return undefined
      const { reviewId, actionDigest } = review
      const isLast = from === 'awaiting_review' && !othersWait(fold, review)
      return {
        ...common,
        kind: 'review.expired',
        key: voteKey(reviewId, review.approvals.length),
        payload: { reviewId, stepId, actionDigest },
        ...(isLast ? to(from, 'running') : { standing: UNPAUSED }),
      }
    })

  return {
    start: () =>
      move(
        (from) =>
          from === 'scheduled' ? { ...common, kind: 'run.started', payload: {}, ...to(from, 'running') } : undefined,
        deps.conclude,
      ),
    resume: () =>
      move((from) =>
        from === 'awaiting_review'
          ? { ...common, kind: 'run.resumed', payload: {}, ...to(from, 'running') }
          : undefined,
      ),
    pause: (reason, budget) =>
      move((from) =>
        from === 'running'
          ? {
              ...common,
              kind: 'run.paused',
              payload: { reason, ...(budget !== undefined && { budget }) },
              ...to(from, 'paused'),
            }
          : undefined,
      ),
    requestReview,
    expireReview: ({ step: { id }, review }) => expire(id, review),
    expireOutput: () => expire(OUTPUT_STEP, fold.outputReview),
    async validate() {
      const missed = missedGoal(fold)
      if (missed && compensationsFor(deps.registry, fold, 'fail').length > 0) return fail(missed)
      const ruling = ruleOnOutput(deps.gate, fold, deps.clock.now())
      if ('fail' in ruling) return fail(ruling.fail)
      if ('ask' in ruling) return requestReview(OUTPUT_STEP, ruling.ask)
      return move(
        (from) =>
          from === 'running'
            ? { ...common, kind: 'run.validated', payload: ruling.validated, ...to(from, 'validated') }
            : undefined,
        deps.conclude,
      )
    },
    finish() {
      const missed = missedGoal(fold)
      if (missed) return fail(missed)
      return move((from) => ({ ...common, kind: 'run.succeeded', payload: {}, ...to(from, 'success') }))
    },
    cancel: () =>
      move((from) => {
        const cancelled: Draft = { ...common, kind: 'run.cancelled', payload: {}, ...to(from, 'cancelled') }
        return undoing(from, 'cancel') ?? cancelled
      }),
    fail,
  }
}
