import type { Action, VerificationResult } from '@azora/contracts'
import { outsideScope } from '@azora/law'
import type { ReviewFold, StepFold } from './step-fold.ts'

/** An approval that covers similar actions of the run too. */
export interface Batch {
  readonly reviewId: string
  readonly action: Action
  /** Rules of the reasons that people knew of. */
  readonly rules: ReadonlySet<string>
  readonly untilMs: number
  /** Actions that it still covers. */
  left: number
  /** Steps whose verdict under way relies on it. They aren't in the log yet, but count. */
  readonly claims: Set<string>
}

/** The batch that people agreed on: the smallest that one of them named, and none unless all of them did. */
export function batchOf({ action, result }: StepFold, review: ReviewFold, decidedAt: string): Batch | undefined {
  const size = Math.min(review.terms.batchMax, ...review.approvals.map(({ batch }) => batch))
  if (!action || !result || review.cause !== 'verdict' || size < 1) return undefined
  return {
    reviewId: review.reviewId,
    action,
    rules: new Set(result.reasons.map(({ rule }) => rule)),
    untilMs: Date.parse(decidedAt) + review.terms.useWithinMinutes * 60_000,
    left: size,
    claims: new Set(),
  }
}

/** Finds an approval that covers the action of a step, and keeps one of its uses for it. */
export function claimBatch(
  batches: readonly Batch[],
  stepId: string,
  action: Action,
  { reasons }: VerificationResult,
  nowMs: number,
): string | undefined {
  const batch = batches.find(
    (candidate) =>
      nowMs < candidate.untilMs &&
      candidate.left > [...candidate.claims].filter((claim) => claim !== stepId).length &&
      reasons.every(({ rule }) => candidate.rules.has(rule)) &&
      isSimilar(action, candidate.action),
  )
  batch?.claims.add(stepId)
  return batch?.reviewId
}

/** Counts a use that is on record. The step that was reviewed itself is no use of the batch. */
export function useBatch(batches: readonly Batch[], reviewId: string, stepId: string): void {
  const batch = batches.find((candidate) => candidate.reviewId === reviewId && candidate.action.stepId !== stepId)
  if (!batch) return
  batch.claims.delete(stepId)
  batch.left -= 1
}

/** Gives a kept use back. */
export function releaseClaim(batches: readonly Batch[], stepId: string): void {
  for (const { claims } of batches) claims.delete(stepId)
}

/** The same skill for the same effects, with no resource beyond those that people saw. */
function isSimilar(action: Action, approved: Action): boolean {
  const beyond = outsideScope(action.resources, approved.resources)
  return (
    action.skillId === approved.skillId &&
    action.skillVersion === approved.skillVersion &&
    action.codeDigest === approved.codeDigest &&
    action.workspace === approved.workspace &&
    sameSet(action.effects, approved.effects) &&
    beyond.read.length + beyond.write.length + beyond.hosts.length === 0 &&
    withinSpend(action, approved)
  )
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value))

/** No more of any currency than what people saw. */
const withinSpend = (action: Action, approved: Action): boolean =>
  (action.resources.spend ?? []).every(({ currency, amount }) =>
    (approved.resources.spend ?? []).some((seen) => seen.currency === currency && amount <= seen.amount),
  )
