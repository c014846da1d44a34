import type { WebhookAttempt } from '@azora/contracts'

const HOUR_MS = 3_600_000
const FIRST_MS = 5_000
const LONGEST_MS = 6 * HOUR_MS

export interface RetryPolicy {
  /** Wait after so many failures, of a delivery or of an endpoint. */
  waitMs(failures: number): number
  /** An endpoint that took nothing for so long is disabled; a delivery that it did not take for so long is given up. */
  giveUpMs: number
}

/** Doubles from 5 seconds to 6 hours, with jitter so that what failed together does not come back together; for 3 days. */
export const RETRY: RetryPolicy = {
  waitMs: (failures) => Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 20)) * (0.75 + Math.random() / 2),
  giveUpMs: 72 * HOUR_MS,
}

/** What a receiver answered, with what it asks for. */
export interface Answer extends WebhookAttempt {
  /** It wants to be left alone for so long (RFC 9110, section 10.2.3). */
  retryAfterMs?: number | undefined
}

/** The status by which a receiver ends its subscription (Standard Webhooks). */
export const isGone = ({ status }: Answer): boolean => status === 410

export const waitAfter = (answer: Answer, failures: number, { waitMs }: RetryPolicy): number =>
  Math.max(waitMs(failures), Math.min(answer.retryAfterMs ?? 0, LONGEST_MS))
