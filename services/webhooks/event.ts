import type { Entry, EntryHeader, EntryPayload, RunSpec, WebhookEvent } from '@azora/contracts'

/** An entry that receivers can be told of. */
export interface Told {
  index: number
  kind: WebhookEvent
  header: EntryHeader
  /** Null once erased. */
  payload: Entry<WebhookEvent>['payload'] | null
}

export type AgentOfRun = Pick<RunSpec, 'agentId' | 'agentVersion'>

export const eventIdOf = (shard: string, index: number): string => `${shard}/${index}`

/** The index of the entry that an event is about. */
export const indexOf = (eventId: string): number => Number(eventId.slice(eventId.lastIndexOf('/') + 1))

/**
 * An entry as a CloudEvents 1.0 event in JSON. It names things and states, and holds nothing that somebody put in: payloads may
 * be personal and may be erased, and what was sent can't be called back.
 *
 * @param agent undefined where it was erased
 * @param publicUrl how others reach this server; where it is empty, links are paths
 */
export function bodyOf(told: Told, agent: AgentOfRun | undefined, publicUrl: string): string {
  const { index, header } = told
  const { shard, tenant, kind, at, run, transition } = header
  return JSON.stringify({
    specversion: '1.0',
    id: eventIdOf(shard, index),
    source: shard,
    type: `azora.${kind}`,
    time: at,
    ...(run && { subject: run }),
    datacontenttype: 'application/json',
    data: {
      tenant,
      ...(run && {
        run: { id: run, ...agent, ...(transition && { state: transition.to }) },
        link: `${publicUrl}/api/v1/runs/${run}`,
      }),
      ...reviewOf(told),
    },
  })
}

/** Which review it is about, and what was decided. */
function reviewOf({ kind, payload }: Told): { review?: { id: string; decision?: string } } {
  if (payload === null) return {}
  switch (kind) {
    case 'review.requested':
    case 'review.expired':
      return { review: { id: (payload as EntryPayload<typeof kind>).reviewId } }
    case 'review.decided': {
      const { reviewId, decision } = payload as EntryPayload<typeof kind>
      return { review: { id: reviewId, decision } }
    }
    default:
      return {}
  }
}

/** What a receiver gets to try it out. */
export const testBodyOf = (id: string, tenant: string, webhook: string, at: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: 'azora',
    type: 'azora.webhook.test',
    time: at,
    datacontenttype: 'application/json',
    data: { tenant, webhook },
  })
