import type { ActionView, Observation, VerificationResult } from '@azora/contracts'
import type { StepFold } from './step-fold.ts'

/** Where a step stands. */
export function stateOf(step: StepFold): ActionView['state'] {
  if (step.review?.cause === 'compensation' && step.review.decision === undefined) return 'awaiting_review'
  if (step.outcome) return step.outcome.state
  if (step.invalid) return 'invalid'
  if (step.planDenied) return 'denied'
  if (step.wait) return 'waiting'
  if (step.review) {
    if (step.review.decision === undefined) return 'awaiting_review'
    if (step.review.decision !== 'approve') return step.review.cause === 'verdict' ? 'denied' : 'failed'
  }
  if (step.result?.verdict === 'deny') return 'denied'
  if (step.started) return 'started'
  if (step.retry) return 'retrying'
  return step.result?.verdict === 'allow' ? 'allowed' : 'proposed'
}

const ENDED = new Set<ActionView['state']>(['succeeded', 'failed', 'cancelled', 'denied', 'invalid'])

export const hasEnded = (step: StepFold): boolean => ENDED.has(stateOf(step))

/** Why a step that ended did not succeed. */
export function errorOf(step: StepFold): { code: string; message: string } | undefined {
  if (step.outcome) return step.outcome.error
  if (step.retry) return step.retry.error
  if (step.invalid) return step.invalid
  if (step.planDenied)
    return { code: 'plan_denied', message: whyDenied(step.planDenied, 'the constitution denied the plan') }
  if (step.review?.decision === 'expired' && step.review.cause === 'verdict') {
    return { code: 'review_expired', message: 'nobody decided about it in time' }
  }
  if (step.review?.decision === 'deny' || step.review?.decision === 'expired') {
    if (step.review.cause === 'verdict') return { code: 'denied_in_review', message: 'people denied it in a review' }
    return {
      code: 'outcome_unknown',
      message: 'nobody knows whether it took effect; people decided against doing it again',
    }
  }
  if (step.result?.verdict !== 'deny') return undefined
  return { code: 'denied', message: whyDenied(step.result, 'the constitution denied it') }
}

const whyDenied = ({ reasons }: VerificationResult, otherwise: string): string =>
  reasons.map((reason) => `Article ${reason.article}: ${reason.message}`).join('; ') || otherwise

/** What the agent is told about a step; undefined while it goes on. */
export function observe(step: StepFold): Observation | undefined {
  const state = stateOf(step)
  if (!ENDED.has(state)) return undefined
  const { id: stepId, skill } = step.step
  const told = state === 'invalid' ? 'failed' : (state as Observation['state'])
  const error = errorOf(step)
  return {
    stepId,
    skill,
    state: told,
    ...(step.outcome?.output !== undefined && { output: step.outcome.output }),
    ...(error && { error }),
  }
}
