import type { ActionView, AgentRun, ReviewView, RunDetail } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { RunFold } from './fold.ts'
import { requestersOf } from './requesters.ts'
import { diffOf } from './review-diff.ts'
import type { StepFold } from './step-fold.ts'
import { errorOf, stateOf } from './step-state.ts'

/** A run as the API shows it. */
export function viewRun(fold: RunFold): AgentRun {
  const { runId: id, plan: _plan, ...spec } = fold.spec
  return {
    ...spec,
    id,
    state: fold.state,
    ...(fold.startedAt && { startedAt: fold.startedAt }),
    ...(fold.finishedAt && { finishedAt: fold.finishedAt }),
    ...(fold.concluded && { outputs: fold.concluded.outputs }),
    ...(fold.error && { error: fold.error }),
    ...(fold.validated && { verificationProof: fold.validated }),
  }
}

export const viewDetail = (fold: RunFold): RunDetail => ({
  ...viewRun(fold),
  actions: [...fold.steps.values()].map(viewAction),
})

function viewAction(step: StepFold): ActionView {
  const { action, result, outcome } = step
  const error = errorOf(step)
  return {
    stepId: step.step.id,
    skill: step.step.skill,
    effects: action?.effects ?? [],
    input: action?.input ?? step.step.input,
    reasons: result?.reasons ?? [],
    state: stateOf(step),
    ...(action && { skillVersion: action.skillVersion, actionDigest: digestOf(action) }),
    ...(step.step.reason && { reason: step.step.reason }),
    ...(result && { verdict: result.verdict, score: result.score }),
    ...(outcome && { durationMs: outcome.durationMs, log: outcome.log }),
    ...(outcome?.output !== undefined && { output: outcome.output }),
    ...(error && { error }),
  }
}

/** The reviews that wait for people. */
export function viewReviews(fold: RunFold): ReviewView[] {
  return [...fold.steps.values()].flatMap((folded) => {
    const { step, action, result, review } = folded
    if (!action || !review || review.decision !== undefined) return []
    const diff = diffOf(fold, folded)
    return [
      {
        reviewId: review.reviewId,
        runId: fold.spec.runId,
        stepId: step.id,
        cause: review.cause,
        skill: action.skillId,
        skillVersion: action.skillVersion,
        effects: action.effects,
        resources: action.resources,
        input: action.input,
        actionDigest: review.actionDigest,
        reasons: result?.reasons ?? [],
        requestedAt: review.requestedAt,
        ...(review.expiresAt && { expiresAt: review.expiresAt }),
        requesters: requestersOf(folded),
        runOwner: fold.spec.owner,
        terms: review.terms,
        approvedBy: review.approvals.map(({ by }) => by),
        ...(diff !== undefined && { diff }),
      },
    ]
  })
}
