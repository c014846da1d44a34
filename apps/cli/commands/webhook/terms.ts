import { DeliveryState, type Timestamp, WebhookEvent, WebhookReplay } from '@azora/contracts'
import type { z } from 'zod'
import { usageError } from '../../exit.ts'
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
    event !== undefined ? { eventId: event } : { since: timeOf(since ?? '', nowMs) },
  )
  if (replay.success) return replay.data
  throw usageError(`${event} is no event`, 'They are shown by azora webhook deliveries NAME, such as azora/main/42.')
}

/** A time, or a duration ago. */
function timeOf(given: string, nowMs: number): z.infer<typeof Timestamp> {
  if (/^\d+[smhd]$/.test(given)) return new Date(nowMs - durationOf(given, '--since')).toISOString()
  const at = /^\d{4}-\d{2}-\d{2}/.test(given) ? Date.parse(given) : Number.NaN
  if (Number.isNaN(at)) throw usageError(`--since must be a duration or a time such as 2027-01-31, not ${given}`)
  return new Date(at).toISOString()
}
