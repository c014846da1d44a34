import type { Clock } from '@azora/base'
import { newSecret } from '../secret-text.ts'

/** What is remembered of somebody who is away for a moment, by a secret that they bring back. */
export interface Pending<T> {
  put(value: T): string
  /** Once, and in time. */
  take(ticket: string): T | undefined
}

const AWAY_MS_MAX = 10 * 60_000
/** Of more, the oldest are forgotten: anybody may begin. */
const PENDING_MAX = 1_000

export function createPending<T>(clock: Clock): Pending<T> {
  const waiting = new Map<string, { value: T; untilMs: number }>()
  return {
    put(value) {
      const ticket = newSecret('azt_')
      for (const oldest of waiting.keys()) {
        if (waiting.size < PENDING_MAX) break
        waiting.delete(oldest)
      }
      waiting.set(ticket, { value, untilMs: clock.now() + AWAY_MS_MAX })
      return ticket
    },
    take(ticket) {
      const found = waiting.get(ticket)
      waiting.delete(ticket)
      return found && found.untilMs >= clock.now() ? found.value : undefined
    },
  }
}
