import { AzoraError, type Clock } from '@azora/base'
import { WebhookEvent, type WebhookReplay } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { naming } from './changes.ts'
import type { Caller } from './endpoint.ts'
import { bodyOf, eventIdOf, indexOf, type Told } from './event.ts'
import type { RunAgents } from './run-agents.ts'
import type { Shelf } from './shelf.ts'
import type { DeliveryStore } from './store/deliveries.ts'

export interface ReplayDeps {
  shelf: Shelf
  deliveries: Pick<DeliveryStore, 'requeue'>
  journal: Pick<Journal, 'append' | 'read' | 'status' | 'within'>
  agentOf: RunAgents
  publicUrl: string
  clock: Clock
}

/** Sends again, under the same ids. What a journal holds can be sent, also when its delivery is not in the log any more. */
export function createReplay({ shelf, deliveries, journal, agentOf, publicUrl, clock }: ReplayDeps) {
  async function toldAt(tenant: string, eventId: string): Promise<Told> {
    const { shard, size } = journal.status()
    const index = indexOf(eventId)
    const isOfLog = eventId === eventIdOf(shard, index) && index < size
    const entry = isOfLog ? await journal.within(tenant).entry(index) : undefined
    const kind = WebhookEvent.safeParse(entry?.header.kind)
    if (!entry || entry.header.tenant !== tenant || !kind.success) throw noEvent(eventId)
    return { index, kind: kind.data, header: entry.header, payload: entry.payload as Told['payload'] }
  }

  /** Index of the first entry at or after a time: times never go back in the log. */
  async function indexAt(ms: number): Promise<number> {
    let low = 0
    let high = journal.status().size
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const [entry] = await journal.read(middle, 1)
      if (entry && Date.parse(entry.header.at) < ms) low = middle + 1
      else high = middle
    }
    return low
  }

  return async (caller: Caller, name: string, replay: WebhookReplay): Promise<void> => {
    const { endpoint, lane } = shelf.named(caller.tenant, name)
    const again =
      'eventId' in replay
        ? { told: await toldAt(caller.tenant, replay.eventId) }
        : { from: await indexAt(Date.parse(replay.since)) }
    const payload = { ...naming(endpoint), ...replay }
    await journal.append({ kind: 'webhook.replayed', tenant: caller.tenant, actor: caller.id, payload })
    if (again.told === undefined) return lane.moveTo(again.from)
    const { told } = again
    const body = bodyOf(told, await agentOf(told), publicUrl)
    const event = { index: told.index, type: told.kind, run: told.header.run, body }
    await deliveries.requeue(endpoint, event, clock.now())
    lane.wake()
  }
}

const noEvent = (eventId: string): AzoraError =>
  new AzoraError('missing', 'webhook_event_not_found', `there is no event ${eventId} that receivers are told`, {
    remedy: 'List those that were sent: azora webhook deliveries NAME',
  })
