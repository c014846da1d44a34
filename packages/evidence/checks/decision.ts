import { digestOf, isSignedBy } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import type { People } from '../people.ts'
import type { Told } from '../story.ts'
import type { ReviewState } from './review-state.ts'

/** How far a person's clock may be off. */
const CLOCK_SKEW_MS = 10 * 60_000

/** One person's decision: theirs, about exactly what was asked, in time. */
export function flawInDecision(entry: Told<'review.decided'>, review: ReviewState, people: People): Flaw {
  const { header, payload } = entry
  const by = header.actor
  if (review.ended) return `decides a review that had ended: ${review.ended}`
  if (review.expiresAt !== undefined && Date.parse(header.at) >= Date.parse(review.expiresAt))
    return 'decides a review after it expired'
  if (payload.stepId !== review.stepId || payload.actionDigest !== review.actionDigest)
    return 'decides about another action than was asked about'
  if (review.requesters.includes(by)) return `is a decision by ${by}, who asked for the action`
  if (review.approvals.some((approval) => approval.by === by)) return `counts ${by} twice`
  return flawInStatement(entry, people) ?? flawInContent(entry, review)
}

function flawInStatement({ header, payload }: Told<'review.decided'>, people: People): Flaw {
  const { signed, reviewId, actionDigest, decision, comment } = payload
  if (!signed) return 'is a decision that nobody signed'
  const { statement } = signed
  if (statement.reviewId !== reviewId || statement.actionDigest !== actionDigest || statement.decision !== decision)
    return 'carries a signed statement about another decision'
  if (statement.decider !== header.actor) return `carries a statement of ${statement.decider}, not of ${header.actor}`
  if ((statement.comment || undefined) !== comment) return 'carries another comment than was signed'
  if (Math.abs(Date.parse(statement.at) - Date.parse(header.at)) > CLOCK_SKEW_MS)
    return `was signed at ${statement.at}, more than ten minutes from its record`
  const keys = people.keysAt(header)
  if (!keys.includes(signed.key)) return `is signed with a key that is not on record for ${header.actor}`
  return isSignedBy(signed, keys) ? undefined : `carries a signature of ${header.actor} that does not verify`
}

function flawInContent({ payload }: Told<'review.decided'>, { terms, cause }: ReviewState): Flaw {
  const { signed, decision, input } = payload
  const { batch, inputDigest } = signed?.statement ?? {}
  if (batch !== undefined && (decision !== 'approve' || batch > terms.batchMax || cause !== 'verdict'))
    return 'covers more similar actions than the verdict lets it'
  if (decision !== 'amend') return input || inputDigest ? 'changes arguments without saying so' : undefined
  return input && inputDigest === digestOf(input) ? undefined : 'puts other arguments in place than were signed'
}
