import { ApiError, UnreachableError } from './errors.ts'

/** Pauses before the next attempt; rejects when `signal` aborts. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000
const LONGEST_RETRY_AFTER_MS = 10_000

/** True for errors that the same request may outlive: no answer, an overloaded or a starting server, its own first try. */
export const mayPass = (error: unknown): boolean =>
  error instanceof UnreachableError ||
  (error instanceof ApiError &&
    ([429, 502, 503, 504].includes(error.problem.status) || error.is('idempotency_in_progress')))

/** Milliseconds before attempt `failures + 1`: what the server asked for, else doubling with half of it random. */
export function pauseMs(failures: number, error: unknown, random: number = Math.random()): number {
  if (error instanceof ApiError && error.retryAfterMs !== undefined) {
    return Math.min(error.retryAfterMs, LONGEST_RETRY_AFTER_MS)
  }
  const full = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS)
  return Math.round((full * (1 + random)) / 2)
}

/** Tries up to `attempts` times, as long as the errors may pass. */
export async function withRetries<T>(
  attempts: number,
  wait: Wait,
  task: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await task()
    } catch (error) {
      if (failures >= attempts || !mayPass(error)) throw error
      await wait(pauseMs(failures, error), signal)
    }
  }
}
