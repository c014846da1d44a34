import { type Clock, oneAfterAnother } from '@azora/base'
import type { Endpoint } from './endpoint.ts'
import { bodyOf, type Told } from './event.ts'
import type { Feed } from './feed.ts'
import type { RunAgents } from './run-agents.ts'
import type { DeliveryStore, NewDelivery } from './store/deliveries.ts'

export interface IntakeDeps {
  deliveries: Pick<DeliveryStore, 'queue' | 'pending' | 'cursor' | 'setCursor'>
  feed: Feed
  agentOf: RunAgents
  publicUrl: string
  clock: Clock
}

/** Moves events from the log to the queue of one endpoint, as far as there is room; the rest waits in the log. */
export interface Intake {
  /** There may be something new in the log. */
  notice(): void
  /** Queues what there is room for. */
  fill(): Promise<void>
  /** Begins at another entry of the log. */
  moveTo(index: number): Promise<void>
}

/** Events that are queued at one time, about. */
const QUEUE_MAX = 1_000
/** The cursor is stored when nothing was to be queued for so many entries. */
const UNSTORED_MAX = 1_000

/** @param next index of the first entry that the endpoint has not been queued */
export function createIntake(endpoint: () => Endpoint, next: number, deps: IntakeDeps): Intake {
  const { deliveries, feed, clock } = deps
  let unread = true
  let position = next
  let stored = next
  const inTurn = oneAfterAnother()

  async function wantedOf(entries: readonly Told[]): Promise<NewDelivery[]> {
    const { tenant, events, agents } = endpoint()
    const wanted: NewDelivery[] = []
    for (const told of entries) {
      const { index, kind, header } = told
      if (header.tenant !== tenant || !events.includes(kind)) continue
      const agent = await deps.agentOf(told)
      if (agents.length > 0 && !(agent && agents.includes(agent.agentId))) continue
      wanted.push({ index, type: kind, run: header.run, body: bodyOf(told, agent, deps.publicUrl) })
    }
    return wanted
  }

  async function queue(events: readonly NewDelivery[], to: number): Promise<void> {
    const isOurs = await deliveries.queue(endpoint(), events, { from: stored, to }, clock.now())
    // Another server has moved it: go on from where that one stands.
    stored = isOurs ? to : ((await deliveries.cursor(endpoint())) ?? stored)
    position = stored
  }

  /** One page of the log. False when there is no room. */
  async function fillOnce(): Promise<boolean> {
    const room = QUEUE_MAX - (await deliveries.pending(endpoint()))
    if (room < QUEUE_MAX / 2) return false
    unread = false
    try {
      const page = await feed.from(position)
      const wanted = await wantedOf(page.entries)
      const to = wanted[room]?.index ?? page.next
      if (wanted.length > 0 || to - stored >= UNSTORED_MAX) await queue(wanted.slice(0, room), to)
      else position = to
      unread ||= !page.last
    } catch (thrown) {
      unread = true
      throw thrown
    }
    return true
  }

  return {
    notice() {
      unread = true
    },
    fill: () =>
      inTurn(async () => {
        while (unread && (await fillOnce()));
      }),
    moveTo: (index) =>
      inTurn(async () => {
        await deliveries.setCursor(endpoint(), index)
        position = index
        stored = index
        unread = true
      }),
  }
}
