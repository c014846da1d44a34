import { type Log, toAzoraError } from '@azora/base'
import type { Entry } from '@azora/contracts'

type Listener = (entries: Entry[]) => void

/** Who hears of each commit. */
export interface Listeners {
  /** Returns a function that ends it. */
  add(listener: Listener): () => void
  tell(entries: Entry[]): void
}

/** One that fails keeps the others from nothing. */
export function createListeners(log: Log): Listeners {
  const listeners = new Set<Listener>()
  return {
    add(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(entries) {
      for (const listener of listeners) {
        try {
          listener(entries)
        } catch (thrown) {
          log.error({ err: toAzoraError(thrown) }, 'a listener of the journal failed')
        }
      }
    },
  }
}
