import type { Action, VerificationResult } from '@azora/contracts'
import { outsideScope } from '@azora/law/scope'
import { canonical, digestOf } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import { batchOf, type ReviewState } from './review-state.ts'

/** An approval is looked up before the verdict goes on record; a permission lives as long. */
const RECORD_MS = 60_000

/**
 * What a verdict makes of an approval: it was given by enough people, in time, for this action or for one like it.
 *
 * @param action absent for the final output
 */
export function flawInUse(
  review: ReviewState,
  action: Action | undefined,
  result: VerificationResult,
  at: string,
): Flaw {
  if (review.ended !== 'approve') return `relies on the review ${review.reviewId}, which people did not approve`
  const cause = action ? 'verdict' : 'output'
  if (review.cause !== cause) return 'relies on a review that was about something else'
  const usedBy = Date.parse(review.decidedAt ?? '') + review.terms.useWithinMinutes * 60_000 + RECORD_MS
  if (Date.parse(at) > usedBy) return 'relies on an approval that had to be used earlier'
  if (!action || digestOf(action) === review.actionDigest) return undefined
  review.batchUses += 1
  if (review.batchUses > batchOf(review)) return 'relies on an approval that covers no further action'
  if (!result.reasons.every(({ rule }) => review.rules.includes(rule)))
    return 'relies on an approval by people who did not know of every reason against it'
  return review.action && isSimilar(action, review.action)
    ? undefined
    : 'relies on an approval of another kind of action'
}

/** The same skill for the same effects, with no resource beyond those that people saw. */
function isSimilar(action: Action, approved: Action): boolean {
  const beyond = outsideScope(action.resources, approved.resources)
  return (
    likeness(action) === likeness(approved) &&
    beyond.read.length + beyond.write.length + beyond.hosts.length === 0 &&
    (action.resources.spend ?? []).every(({ currency, amount }) =>
      (approved.resources.spend ?? []).some((seen) => seen.currency === currency && amount <= seen.amount),
    )
  )
}

const likeness = ({ skillId, skillVersion, codeDigest, workspace, effects }: Action): string =>
  canonical([skillId, skillVersion, codeDigest, workspace, [...effects].sort()])
