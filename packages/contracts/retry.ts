import { z } from 'zod'

const DAY_MS = 86_400_000

/** The code of an error, as outcomes carry it. */
export const ErrorCode = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'use lower_case_words')

/**
 * How often an action is attempted that fails, and how long is waited in between. Every attempt is judged and permitted
 * anew, under the same idempotency key.
 */
export const RetryPolicy = z.strictObject({
  /** Attempts in all, with the first one. */
  attempts: z.int().min(1).max(100).default(3),
  /** Milliseconds before the second attempt. */
  firstMs: z.int().min(0).max(DAY_MS).default(1_000),
  /** How many times longer each further wait is. */
  factor: z.number().min(1).max(10).default(2),
  /** No wait is longer. */
  maxMs: z
    .int()
    .min(0)
    .max(30 * DAY_MS)
    .default(300_000),
  /** The share of a wait, from 0 to 1, of which chance takes a part, so that runs which failed together don't return together. */
  jitter: z.number().min(0).max(1).default(0.5),
  /** Milliseconds that all attempts and the waits between them may take together. */
  withinMs: z
    .int()
    .min(1)
    .max(365 * DAY_MS)
    .exactOptional(),
  /** The only errors that are worth another attempt; any that isn't terminal if absent. */
  retryable: z.array(ErrorCode).max(50).exactOptional(),
  /** Errors that no further attempt can mend. */
  terminal: z.array(ErrorCode).max(50).exactOptional(),
})
export type RetryPolicy = z.infer<typeof RetryPolicy>

/** Another attempt after one that failed. */
export const Retry = z.strictObject({
  /** Its number; the first attempt of all is 1. */
  attempt: z.int().min(2),
  /** Milliseconds from the entry on. */
  waitMs: z.int().min(0),
})
export type Retry = z.infer<typeof Retry>
