import { AzoraError } from '@azora/base'

/** For a review that is unknown, and for one that the caller may not know of: nobody can tell these apart. */
export const noReview = (reviewId: string): AzoraError =>
  new AzoraError('missing', 'review_not_found', `no review ${reviewId} waits`, {
    remedy: 'List the reviews: azora review list',
  })
