import { type Clock, timestamp } from '@azora/base'
import { type Failure, isTerminal, type RunState } from '@azora/contracts'
import type { Draft, Journal } from '@azora/journal'
import { newReviewId, type ReviewCause } from './attempt.ts'
import type { RunFold } from './fold.ts'
import type { Gate } from './ports.ts'
import { PLAIN_TERMS } from './review-fold.ts'
import { sourcesOf } from './sources.ts'
import type { StepFold } from './step-fold.ts'
import { stateOf } from './step-state.ts'

/** The entries by which the orchestrator moves a run from state to state. */
export interface Moves {
  start(): Promise<void>
  /** Goes on after the last review. */
  resume(): Promise<void>
  requestReview(stepId: string, review: ReviewCause): Promise<void>
  /** Ends a review in which nobody decided in time. */
  expireReview(step: StepFold): Promise<void>
  /** Asks the constitution about the final output. */
  validate(): Promise<void>
  finish(): Promise<void>
  cancel(): Promise<void>
  fail(error: Failure): Promise<void>
}

export const SYSTEM = 'system:orchestrator'

/** @param fold kept up with the journal by the caller */
export function createMoves(
  deps: { journal: Pick<Journal, 'append'>; gate: Gate; clock: Clock },
  fold: RunFold,
): Moves {
  const common = { tenant: fold.spec.tenant, actor: SYSTEM, run: fold.spec.runId }
  let last: Promise<unknown> = Promise.resolve()
  const expiryOf = ({ terms }: ReviewCause): string =>
    timestamp(deps.clock.now() + (terms ?? PLAIN_TERMS).expiresMinutes * 60_000)

  /** Moves the run from wherever it is; in turn, so that two steps can't both leave the same state. */
  function move(make: (from: RunState) => Draft | undefined): Promise<void> {
    const next = last.then(async () => {
      const draft = make(fold.state)
      if (draft) await deps.journal.append(draft)
    })
    last = next.catch(() => undefined)
    return next
  }

  const to = (from: RunState, state: RunState) => ({ transition: { from, to: state } })
  const fail = (error: Failure): Promise<void> =>
    move((from) =>
      isTerminal(from) ? undefined : { ...common, kind: 'run.failed', payload: { error }, ...to(from, 'fail') },
    )

  return {
    start: () =>
      move((from) =>
        from === 'scheduled' ? { ...common, kind: 'run.started', payload: {}, ...to(from, 'running') } : undefined,
      ),
    resume: () =>
      move((from) =>
        from === 'awaiting_review'
          ? { ...common, kind: 'run.resumed', payload: {}, ...to(from, 'running') }
          : undefined,
      ),
    requestReview: (stepId, review) =>
      move((from) => ({
        ...common,
        kind: 'review.requested',
        payload: { reviewId: newReviewId(), stepId, ...review, expiresAt: expiryOf(review) },
        ...(from === 'running' && to(from, 'awaiting_review')),
      })),
    expireReview: ({ step: { id }, review }) =>
      move((from) => {
        if (!review || review.decision) return undefined
        const { reviewId, actionDigest } = review
        const others = [...fold.steps.values()].some((other) => other.step.id !== id && waits(other))
        return {
          ...common,
          kind: 'review.expired',
          key: `review:${reviewId}:${review.approvals.length}`,
          payload: { reviewId, stepId: id, actionDigest },
          ...(from === 'awaiting_review' && !others && to(from, 'running')),
        }
      }),
    validate() {
      const outputs = fold.concluded?.outputs ?? null
      const { tenant, runId, owner } = fold.spec
      const result = deps.gate.verifyOutput({ runId, tenant, principal: owner, outputs, sources: sourcesOf(fold) })
      if (result.verdict !== 'allow') {
        const why = result.reasons.map((reason) => `Article ${reason.article}: ${reason.message}`).join('; ')
        return fail({ code: 'output_denied', message: `the constitution did not allow the final output: ${why}` })
      }
      return move((from) =>
        from === 'running'
          ? { ...common, kind: 'run.validated', payload: { result, outputs }, ...to(from, 'validated') }
          : undefined,
      )
    },
    finish() {
      if (fold.concluded?.goal !== 'reached') {
        return fail({ code: 'goal_missed', message: fold.concluded?.summary ?? 'the goal was not reached' })
      }
      return move((from) => ({ ...common, kind: 'run.succeeded', payload: {}, ...to(from, 'success') }))
    },
    cancel: () => move((from) => ({ ...common, kind: 'run.cancelled', payload: {}, ...to(from, 'cancelled') })),
    fail,
  }
}

const waits = (step: StepFold): boolean => stateOf(step) === 'awaiting_review'
