import { conflict, other } from './entry.ts'

/** Requests that are sent again with their `Idempotency-Key`. */
export const idempotency = {
  idempotency_key_reused: other('conflict', 422)(
    'The `Idempotency-Key` was used for another request.',
    'Use a new key for a new request.',
  ),
  idempotency_in_progress: conflict(
    'The first request with this `Idempotency-Key` is still under way.',
    'Send it again after the time in `Retry-After`.',
  ),
  idempotency_outcome_unknown: conflict(
    'The first request with this `Idempotency-Key` began, and how it ended is not known.',
    'Look whether it was done; if it was not, send it with a new key.',
  ),
  idempotency_answer_not_kept: conflict(
    'The request was done; its answer held a secret, which is shown once, or was too large to keep.',
    'Look at what it made; where its secret is lost, remove that and make a new one with a new key.',
  ),
  idempotency_keys_too_many: other('retry', 429)(
    'The caller used as many keys in the last 24 hours as the server keeps.',
    'Try again after the time in `Retry-After`, or send it without a key.',
  ),
}
