import { timestamp } from '@azora/base'
import type { ActionView, AgentRun, Outcome, ReviewView, RunDetail, RunErasure, RunState } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { viewUse } from '../budgets/own.ts'
import { childOf } from '../children/child.ts'
import { isOverdue } from '../fold/review-fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { errorOf, stateOf } from '../fold/step-state.ts'
import { diffOf } from '../reviews/diff.ts'
import { type Reviewed, reviewedIn } from '../reviews/reviewed.ts'
import { type HeldUp, heldUpOf, waitsOf } from './held-up.ts'

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
    ...(fold.specErased && { erased: true as const }),
  }
}

export const viewDetail = (fold: RunFold, erasures: RunErasure[] = [], heldUp: HeldUp = heldUpOf(fold)): RunDetail => ({
  ...viewRun(fold),
  actions: [...fold.steps.values()].map((step) => viewAction(fold, step, heldUp)),
  ...(fold.dependencies && { dependencies: fold.dependencies }),
  ...(fold.state === 'paused' && fold.pause?.reason !== undefined && { pauseReason: fold.pause.reason }),
  ...(fold.cancel && { cancel: fold.cancel }),
  ...(fold.own && { budgetUse: viewUse(fold.own) }),
  ...(erasures.length > 0 && { erasures }),
})

function viewAction(fold: RunFold, step: StepFold, heldUp: HeldUp): ActionView {
  const child = childOf(fold, step)
  const { action, result, outcome } = step
  const error = errorOf(step)
  const waits = waitsOf(fold, step, heldUp)
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
    ...(outcome && outcomeView(outcome)),
    ...(outcome?.output !== undefined && { output: outcome.output }),
    ...(step.takenOver && { takenOver: true as const }),
    ...(step.compensates !== undefined && { compensates: step.compensates }),
    ...(child !== undefined && { child }),
    ...(step.failures && { attempt: step.failures.count + 1 }),
    ...(waits && { waits }),
    ...(step.retry && { retryAt: timestamp(step.retry.dueMs) }),
    ...(error && { error }),
  }
}

const outcomeView = ({ durationMs, log, node, isolation, ending, usage, egress, artifacts, files, cost }: Outcome) => ({
  durationMs,
  log,
  node,
  isolation,
  ...(ending && { ending }),
  ...(usage && { usage }),
  ...(egress && { egress }),
  ...(artifacts && { artifacts }),
  ...(files && { files }),
  ...(cost && { cost }),
})

const ASKING: readonly RunState[] = ['awaiting_review', 'paused']

/** The reviews that people can decide now. */
export function viewReviews(fold: RunFold, nowMs: number): ReviewView[] {
  if (!ASKING.includes(fold.state)) return []
  const waiting = [...[...fold.steps.values()].map(({ review }) => review), fold.outputReview]
  return waiting.flatMap((review) => {
    const isOpen = review?.decision === undefined && !isOverdue(review, nowMs)
    const reviewed = review && isOpen ? reviewedIn(fold, review.reviewId) : undefined
    const about = reviewed && subjectOf(fold, reviewed)
    return about ? [{ ...viewReview(fold, reviewed), ...about }] : []
  })
}

type Subject = 'skill' | 'skillVersion' | 'effects' | 'resources' | 'input' | 'diff'

/** What is decided about, as people see it. */
function subjectOf(fold: RunFold, { step }: Reviewed): Pick<ReviewView, Subject> | undefined {
  if (!step) {
    const resources = { read: [], write: [], hosts: [] }
    const input = { outputs: fold.concluded?.outputs ?? null }
    return { skill: 'run.output', skillVersion: '1.0.0', effects: [], resources, input }
  }
  if (!step.action) {
    const { skill, version: skillVersion = '0.0.0', input } = step.step
    const resources = { read: [], write: [], hosts: [] }
    return step.compensates === undefined ? undefined : { skill, skillVersion, effects: [], resources, input }
  }
  const { skillId: skill, skillVersion, effects, resources, input } = step.action
  const diff = diffOf(fold, step)
  return { skill, skillVersion, effects, resources, input, ...(diff !== undefined && { diff }) }
}

const viewReview = (fold: RunFold, { review, stepId, requesters }: Reviewed): Omit<ReviewView, Subject> => ({
  reviewId: review.reviewId,
  runId: fold.spec.runId,
  agentId: fold.spec.agentId,
  stepId,
  cause: review.cause,
  actionDigest: review.actionDigest,
  reasons: [...review.reasons],
  requestedAt: review.requestedAt,
  ...(review.expiresAt && { expiresAt: review.expiresAt }),
  requesters,
  runOwner: fold.spec.owner,
  terms: review.terms,
  approvedBy: review.approvals.map(({ by }) => by),
  ...(fold.state === 'paused' && { paused: true as const }),
})
