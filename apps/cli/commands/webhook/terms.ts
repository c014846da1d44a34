import { DeliveryState, WebhookEvent, WebhookReplay } from '@azora/contracts'
import { usageError } from '../../exit.ts'
import { pastOf } from '../../times.ts'
import { durationOf } from '../secret/terms.ts'

/** Options that say what a webhook is told. */
export interface TermOptions {
  event?: string[]
  agent?: string[]
}

/** What was said; the rest is left to the server. */
export function termsOf({ event, agent }: TermOptions): { events?: WebhookEvent[]; agents?: string[] } {
  return { ...(event && { events: event.map(eventOf) }), ...(agent && { agents: agent }) }
}

function eventOf(given: string): WebhookEvent {
  const event = WebhookEvent.safeParse(given)
  if (event.success) return event.data
  throw usageError(`there is no event ${given}`, `Events are ${WebhookEvent.options.join(', ')}.`)
}

export function stateOf(given: string): DeliveryState {
  const state = DeliveryState.safeParse(given)
  if (state.success) return state.data
  throw usageError(`there is no state ${given}`, `States are ${DeliveryState.options.join(', ')}.`)
}

export const secondsOf = (given: string, option: string): number => durationOf(given, option) / 1000

export function replayOf({ event, since }: { event?: string; since?: string }, nowMs: number): WebhookReplay {
  if ((event === undefined) === (since === undefined)) throw usageError('say --event or --since')
  const replay = WebhookReplay.safeParse(
    event !== undefined ? { eventId: event } : { since: pastOf(since ?? '', '--since', nowMs) },
  )
  if (replay.success) return replay.data
  throw usageError(`${event} is no event`, 'They are shown by azora webhook deliveries NAME, such as azora/main/42.')
}
