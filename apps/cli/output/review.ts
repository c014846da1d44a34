import type { ReviewView } from '@azora/contracts'
import { reasonText } from './reasons.ts'
import { printable, type Style } from './style.ts'
import { facts, indent } from './text.ts'

const CAUSES = {
  verdict: 'the constitution asks for people',
  outcome_unknown: 'it was started and its outcome is unknown: approving performs it again',
} as const

/** A review as a person must see it before deciding: the arguments are shown whole. */
export function reviewText(style: Style, review: ReviewView): string {
  const head = facts(style, [
    ['review', style.strong(review.reviewId)],
    ['run', `${review.runId} step ${review.stepId}`],
    ['skill', review.skill],
    ['cause', CAUSES[review.cause]],
    ['requested', review.requestedAt],
    ['action', review.actionDigest],
  ])
  const reasons = review.reasons.map((reason) => `  ${printable(reasonText(reason))}`)
  return [head, ...reasons, style.quiet('input'), indent(printable(JSON.stringify(review.input, null, 2)), 2)].join(
    '\n',
  )
}
