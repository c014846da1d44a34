import { NODE_LOST_MS } from '@azora/contracts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower } from './log.ts'

interface Review {
  readonly step: string
  readonly cause: string
  readonly askedMs: number
  readonly expiresMs: number
  /** Approvals that it still needs. */
  needs: number
  readonly by: Set<string>
  isOver: boolean
}

export interface ReviewChecks extends Follower {
  /** When a review ends by itself, in milliseconds since 1970. */
  expiryOf(reviewId: string): number
}

/**
 * A review is decided once, by each person once, or ends when its time is over. What nobody knows the end of is repeated only when
 * nothing of it can be on its way any more.
 *
 * @param shownMs the latest time that a server has read off its clock
 */
export function createReviewChecks(shownMs: () => number): ReviewChecks {
  const reviews = new Map<string, Review>()
  /** By run and step, when people were asked last whether it happened. */
  const unknown = new Map<string, number>()

  function ask({ header: { run, at } }: Stored, asked: NonNullable<ReturnType<typeof askedIn>>): void {
    const { reviewId, stepId, cause, terms, expiresAt } = asked
    const step = `${run} ${stepId}`
    const [askedMs, expiresMs] = [Date.parse(at), Date.parse(expiresAt ?? '')]
    reviews.set(reviewId, { step, cause, askedMs, expiresMs, needs: terms?.quorum ?? 1, by: new Set(), isOver: false })
    if (cause === 'outcome_unknown') unknown.set(step, askedMs)
  }

  return {
    expiryOf: (reviewId) => reviews.get(reviewId)?.expiresMs ?? Number.POSITIVE_INFINITY,
    take(stored) {
      const { run, actor, at } = stored.header
      const asked = askedIn(stored)
      if (asked) ask(stored, asked)
      const decided = payloadOf(stored, 'review.decided')
      const review = reviews.get(decided?.reviewId ?? '')
      if (decided && review) {
        must(!review.isOver, 'a review ends once', `${review.step} decided by ${actor}`)
        must(!review.by.has(actor), 'a person decides once', `${review.step} by ${actor}`)
        review.by.add(actor)
        review.needs -= 1
        review.isOver = review.needs <= 0 || decided.decision === 'deny'
      }
      const expired = reviews.get(payloadOf(stored, 'review.expired')?.reviewId ?? '')
      if (expired) {
        must(!expired.isOver, 'a review ends once', `${expired.step} expires`)
        must(shownMs() >= expired.expiresMs, 'no time comes early', `the end of a review of ${expired.step}`)
        expired.isOver = true
      }
      const verified = payloadOf(stored, 'action.verified')
      const askedMs = unknown.get(`${run} ${verified?.action.stepId}`) ?? Number.NEGATIVE_INFINITY
      const isLate = !verified?.permission || Date.parse(at) >= askedMs + NODE_LOST_MS
      must(isLate, 'a repeat leaves time for what was on its way', `${run} ${verified?.action.stepId}`)
    },
  }
}

const askedIn = (stored: Stored) => payloadOf(stored, 'review.requested')
