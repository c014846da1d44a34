import { type Entry, isErased, isTerminal } from '@azora/contracts'
import { isKind } from '../fold/about-step.ts'
import { PLAIN_TERMS } from '../fold/review-fold.ts'
import type { AskedReview, ReviewChanges } from '../store/run-change.ts'

const NONE: ReviewChanges = { asked: [], settled: [], approved: [] }

/** What is to be changed about a run's reviews once the entry is counted in; the same object when nothing is. */
export function reviewsAfter(known: ReviewChanges | undefined, entry: Entry): ReviewChanges | undefined {
  const { header } = entry
  const to = header.transition?.to
  if (to !== undefined && isTerminal(to)) return { ...NONE, earlier: 'gone' }
  // Nobody was asked anything before it started.
  if (header.kind === 'run.started') return known
  // It only goes on when nobody has to decide about anything of it.
  if (to === 'running') return { ...NONE, earlier: 'settled', asked: closed(known?.asked ?? [], () => true) }
  return isErased(entry) ? known : byKind(known, entry)
}

function byKind(known: ReviewChanges | undefined, entry: Entry): ReviewChanges | undefined {
  const before = known ?? NONE
  if (isKind(entry, 'review.requested')) return { ...before, asked: [...before.asked, askedIn(entry)] }
  if (isKind(entry, 'review.expired')) return settle(before, entry.payload.reviewId)
  if (!isKind(entry, 'review.decided')) return known
  const { reviewId, decision } = entry.payload
  if (decision !== 'approve') return settle(before, reviewId)
  if (!before.asked.some(({ id }) => id === reviewId)) return { ...before, approved: [...before.approved, reviewId] }
  return { ...before, asked: closed(before.asked, ({ id, quorum }) => id === reviewId && quorum === 1) }
}

function askedIn({ header, payload }: Entry<'review.requested'>): AskedReview {
  const { reviewId, expiresAt, terms = PLAIN_TERMS } = payload
  return {
    id: reviewId,
    index: header.index,
    requestedAt: header.at,
    quorum: terms.quorum,
    open: true,
    ...(expiresAt && { expiresAt }),
  }
}

const settle = (before: ReviewChanges, reviewId: string): ReviewChanges => ({
  ...before,
  settled: [...before.settled, reviewId],
  asked: closed(before.asked, ({ id }) => id === reviewId),
})

const closed = (asked: readonly AskedReview[], which: (review: AskedReview) => boolean): AskedReview[] =>
  asked.map((review) => (which(review) ? { ...review, open: false } : review))
