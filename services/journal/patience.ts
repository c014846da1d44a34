import { type AzoraError, type Log, toAzoraError } from '@azora/base'

/** What keeps the journal from writing. */
export interface Trouble {
  error: AzoraError
  /** When it was first met, as `performance.now()` says it. */
  sinceMs: number
}

/** Waits out a database that is away or full. */
export interface Patience {
  /** Tries again for about a minute, as long as the error says that trying again may help. */
  tryFor<T>(work: () => Promise<T>): Promise<T>
  /** What is being waited out at this moment. */
  trouble(): Trouble | undefined
}

const RETRY_MS = 250
const RETRIES_MAX = 240
const RETRIES_PER_WARNING = 20
/** A database that refuses is asked often; of one that doesn't answer, each question takes long. */
const PATIENCE_MS = 60_000

export function createPatience(log: Log): Patience {
  const troubles = new Set<Trouble>()

  async function tryFor<T>(work: () => Promise<T>): Promise<T> {
    const beganMs = performance.now()
    let trouble: Trouble | undefined
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await work()
        } catch (thrown) {
          const error = toAzoraError(thrown)
          const late = performance.now() > beganMs + PATIENCE_MS
          if (error.advice !== 'retry' || attempt >= RETRIES_MAX || late) throw error
          if (attempt % RETRIES_PER_WARNING === 0) log.warn({ err: error }, 'the journal waits for the database')
          trouble ??= { error, sinceMs: performance.now() }
          troubles.add(trouble)
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
        }
      }
    } finally {
      if (trouble) troubles.delete(trouble)
    }
  }

  return { tryFor, trouble: () => troubles.values().next().value }
}
