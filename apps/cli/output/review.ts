import type { ReviewView } from '@azora/contracts'
import { reasonText } from './reasons.ts'
import { printable, type Style } from './style.ts'
import { facts, indent } from './text.ts'

const CAUSES = {
  verdict: 'the constitution asks for people',
  output: 'the final output of the run waits to be handed over',
  outcome_unknown: 'it was started and its outcome is unknown: approving performs it again',
  compensation: 'it should have undone an earlier action and did not: approving tries again, denying leaves it so',
} as const

/** A review as a person must see it before deciding: the arguments are shown whole. */
export function reviewText(style: Style, review: ReviewView): string {
  const head = facts(style, [
    ['review', style.strong(review.reviewId)],
    ['run', `${review.runId} step ${review.stepId}`],
    ['agent', review.agentId],
    ['skill', `${review.skill}@${review.skillVersion} (${review.effects.join(', ')})`],
    ['touches', touched(review)],
    ['for', review.runOwner],
    ['asked by', review.requesters.join(', ')],
    ['cause', CAUSES[review.cause]],
    ['requested', review.requestedAt],
    ['ends', review.expiresAt && `${review.expiresAt} as denied, unless it is decided before`],
    ['needs', needs(review)],
    ['paused', review.paused && 'the run is paused: what is decided holds when it is resumed'],
    ['action', review.actionDigest],
  ])
  const reasons = review.reasons.map((reason) => `  ${printable(reasonText(reason))}`)
  const diff = review.diff === undefined ? [] : [style.quiet('what would change'), indent(printable(review.diff), 2)]
  const input = indent(printable(JSON.stringify(review.input, null, 2)), 2)
  return [head, ...reasons, style.quiet('input'), input, ...diff].join('\n')
}

function touched({ resources: { read, write, hosts, spend = [] } }: ReviewView): string {
  const money = spend.map(({ currency, amount }) => `spends ${amount} ${currency} (minor units)`)
  const named = (verb: string, things: string[]): string[] => things.map((thing) => `${verb} ${printable(thing)}`)
  return [...named('reads', read), ...named('writes', write), ...named('reaches', hosts), ...money].join(', ')
}

function needs({ terms, approvedBy }: ReviewView): string | undefined {
  if (!terms || terms.quorum === 1) return undefined
  const so = approvedBy.length === 0 ? 'nobody yet' : approvedBy.join(', ')
  return `${terms.quorum} approvals by different people; so far: ${so}`
}
