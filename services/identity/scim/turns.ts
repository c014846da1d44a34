import { AzoraError } from '@azora/base'

const WAITING_MAX = 200

/** One after the other: what a change has read is still so when it writes. Throws `overloaded` when too many wait. */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return async (work) => {
    if (waiting >= WAITING_MAX)
      throw new AzoraError('retry', 'overloaded', 'too many changes of people wait', { retryAfterMs: 5_000 })
    waiting += 1
    const mine = last.then(work).finally(() => {
      waiting -= 1
    })
    last = mine.catch(() => {})
    return mine
  }
}
