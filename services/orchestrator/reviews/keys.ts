/** Under which the journal holds that a review was asked for. */
export const askedKey = (reviewId: string): string => `review-asked:${reviewId}`

/** Under which the journal holds the decision, or the end, that follows on so many approvals. */
export const voteKey = (reviewId: string, approvals: number): string => `review:${reviewId}:${approvals}`
