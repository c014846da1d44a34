import type { RunChange, RunStore } from '@azora/orchestrator'
import type { Ask } from './link.ts'
import type { ListedReview, Tables } from './tables.ts'

/** What the list of reviews becomes by a change of its run. */
export function changeReviews({ reviews }: Tables, { id: run, tenant, reviews: changes }: RunChange): void {
  if (!changes) return
  const { asked, settled, approved, earlier } = changes
  for (const review of [...reviews.values()].filter((one) => one.run === run)) {
    const isSettled = settled.includes(review.id) || (approved.includes(review.id) && review.quorum === 1)
    if (earlier === 'gone') reviews.delete(review.id)
    else if (earlier === 'settled' || isSettled) reviews.set(review.id, { ...review, open: false })
  }
  for (const review of asked) if (!reviews.has(review.id)) reviews.set(review.id, { ...review, run, tenant })
}

/** The orchestrator's list of reviews behind its real port. */
export const reviewStore = ({ reviews }: Tables, ask: Ask): RunStore['reviews'] => ({
  page: ({ tenant, after, limit }, nowMs) =>
    ask('listed reviews', () =>
      [...reviews.values()]
        .filter((review) => review.tenant === tenant && review.open && !endedBy(review, nowMs))
        .filter(({ index }) => after === undefined || index < after)
        .sort((a, b) => b.index - a.index)
        .slice(0, limit),
    ),
  runOf: (tenant, id) =>
    ask('review', () => {
      const review = reviews.get(id)
      return review?.tenant === tenant ? review.run : undefined
    }),
  unlisted: () => ask('unlisted reviews', () => []),
  enlist: () => ask('enlist', () => {}),
})

const endedBy = ({ expiresAt }: ListedReview, nowMs: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= nowMs
