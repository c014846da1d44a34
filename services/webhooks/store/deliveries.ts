import type { Db } from '@azora/base/db'
import type { DeliveryQuery, WebhookEvent } from '@azora/contracts'
import type { Answer } from '../backoff.ts'
import type { Summary } from '../endpoint.ts'
import { type Delivery, type DeliveryRow, deliveryOf } from './delivery-row.ts'
import type { Place } from './endpoints.ts'

/** An event for one endpoint, to be queued. */
export interface NewDelivery {
  index: number
  type: WebhookEvent
  run: string | undefined
  body: string
}

export interface DeliveryStore {
  /**
   * Queues events and moves the cursor, both or none. An event that was sent already is queued anew. False when the cursor
   * doesn't stand at `from`: another server has moved it.
   */
  queue(
    place: Place,
    events: readonly NewDelivery[],
    cursor: { from: number; to: number },
    nowMs: number,
  ): Promise<boolean>
  /** Queues one event, also one that was sent already. */
  requeue(place: Place, event: NewDelivery, nowMs: number): Promise<void>
  /** Index of the first entry that was not queued; undefined when the endpoint was removed. */
  cursor(place: Place): Promise<number | undefined>
  setCursor(place: Place, next: number): Promise<void>
  /**
   * What may be sent next, soonest first: of each run the first that waits.
   *
   * @param busy indexes of those that are being sent
   */
  candidates(place: Place, busy: readonly number[], limit: number): Promise<Delivery[]>
  delivered(place: Place, index: number, answer: Answer, nowMs: number): Promise<void>
  /** @param retryAtMs undefined when it is given up */
  failed(place: Place, index: number, answer: Answer, nowMs: number, retryAtMs: number | undefined): Promise<void>
  /**
   * Lets everything that waits be tried now.
   *
   * @param afresh as if it had not been tried before
   */
  release(place: Place, nowMs: number, afresh: boolean): Promise<void>
  /** Whether something was delivered since a time. */
  deliveredSince(place: Place, ms: number): Promise<boolean>
  pending(place: Place): Promise<number>
  summaries(tenant: string): Promise<Map<string, Summary>>
  /** Newest event first. */
  list(place: Place, query: Omit<DeliveryQuery, 'before'> & { before: number | undefined }): Promise<Delivery[]>
  /** Forgets all but the newest of what is settled. */
  prune(place: Place, keep: number): Promise<void>
}

/** Postgres schema `webhooks`: the queue, and what became of it. What people ask for is within their tenant; the rest is sending. */
export const createDeliveryStore = (db: Db): DeliveryStore => ({
  queue: (place, events, cursor, nowMs) => queue(db, place, events, cursor, nowMs),
  requeue: (place, event, nowMs) => insertEvents(db.within(place.tenant), place, [event], nowMs),
  async cursor({ tenant, id }) {
    const { rows } = await db.query<{ next: string }>(
      'select next from webhooks.endpoint where tenant = $1 and id = $2',
      [tenant, id],
    )
    return rows[0] && Number(rows[0].next)
  },
  async setCursor({ tenant, id }, next) {
    await db.query('update webhooks.endpoint set next = $3 where tenant = $1 and id = $2', [tenant, id, next])
  },
  async candidates({ tenant, id }, busy, limit) {
    const { rows } = await db.query<DeliveryRow>(CANDIDATES, [tenant, id, busy, limit], 'webhooks.candidates')
    return rows.map(deliveryOf)
  },
  async delivered({ tenant, id }, index, answer, nowMs) {
    await db.query(SETTLE, [tenant, id, index, 'delivered', new Date(nowMs), new Date(nowMs), ...partsOf(answer)])
  },
  async failed({ tenant, id }, index, answer, nowMs, retryAtMs) {
    const state = retryAtMs === undefined ? 'failed' : 'pending'
    const next = new Date(retryAtMs ?? nowMs)
    await db.query(SETTLE, [tenant, id, index, state, new Date(nowMs), next, ...partsOf(answer)])
  },
  async release({ tenant, id }, nowMs, afresh) {
    await db.query(
      `update webhooks.delivery set next_at = $3, first_at = case when $4 then null else first_at end
       where tenant = $1 and endpoint = $2 and state = 'pending'`,
      [tenant, id, new Date(nowMs), afresh],
    )
  },
  async deliveredSince({ tenant, id }, ms) {
    const { rowCount } = await db.query(
      `select 1 from webhooks.delivery where tenant = $1 and endpoint = $2 and state = 'delivered' and last_at > $3 limit 1`,
      [tenant, id, new Date(ms)],
    )
    return rowCount > 0
  },
  async pending({ tenant, id }) {
    const { rows } = await db.query<{ count: string }>(
      `select count(*) from webhooks.delivery where tenant = $1 and endpoint = $2 and state = 'pending'`,
      [tenant, id],
    )
    return Number(rows[0]?.count ?? 0)
  },
  async summaries(tenant) {
    const { rows } = await db.within(tenant).query<{ endpoint: string; pending: string; delivered_at: Date | null }>(
      `select endpoint, count(*) filter (where state = 'pending') as pending,
         max(last_at) filter (where state = 'delivered') as delivered_at
       from webhooks.delivery where tenant = $1 group by endpoint`,
      [tenant],
    )
    return new Map(
      rows.map((row) => [
        row.endpoint,
        { pending: Number(row.pending), lastDeliveredAt: row.delivered_at?.toISOString() },
      ]),
    )
  },
  async list({ tenant, id }, { state, limit, before }) {
    const { rows } = await db.within(tenant).query<DeliveryRow>(
      `select * from webhooks.delivery where tenant = $1 and endpoint = $2
         and ($3::text is null or state = $3) and ($4::bigint is null or index < $4)
       order by index desc limit $5`,
      [tenant, id, state ?? null, before ?? null, limit],
    )
    return rows.map(deliveryOf)
  },
  async prune({ tenant, id }, keep) {
    await db.query(
      `delete from webhooks.delivery where tenant = $1 and endpoint = $2 and state <> 'pending' and index <= (
         select index from webhooks.delivery where tenant = $1 and endpoint = $2 and state <> 'pending'
         order by index desc offset $3 limit 1)`,
      [tenant, id, keep],
    )
  },
})

const CANDIDATES = `
select d.* from webhooks.delivery d
where d.tenant = $1 and d.endpoint = $2 and d.state = 'pending' and d.index <> all ($3::bigint[])
  and not exists (
    select 1 from webhooks.delivery earlier
    where earlier.tenant = d.tenant and earlier.endpoint = d.endpoint and earlier.state = 'pending'
      and earlier.run = d.run and earlier.index < d.index)
order by d.next_at, d.index limit $4`

const SETTLE = `
update webhooks.delivery set state = $4, attempts = attempts + 1, first_at = coalesce(first_at, $5), last_at = $5,
  next_at = $6, status = $7, duration_ms = $8, excerpt = $9, error = $10
where tenant = $1 and endpoint = $2 and index = $3 and state = 'pending'`

const partsOf = ({ status, durationMs, excerpt, error }: Answer): unknown[] => [
  status ?? null,
  durationMs,
  excerpt ?? null,
  error ?? null,
]

async function queue(
  db: Db,
  place: Place,
  events: readonly NewDelivery[],
  { from, to }: { from: number; to: number },
  nowMs: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const moved = await tx.query('update webhooks.endpoint set next = $4 where tenant = $1 and id = $2 and next = $3', [
      place.tenant,
      place.id,
      from,
      to,
    ])
    if (moved.rowCount === 0) return false
    if (events.length > 0) await insertEvents(tx, place, events, nowMs)
    return true
  })
}

async function insertEvents(
  db: Pick<Db, 'query'>,
  { tenant, id }: Place,
  events: readonly NewDelivery[],
  nowMs: number,
): Promise<void> {
  await db.query(
    `insert into webhooks.delivery (tenant, endpoint, index, type, run, body, next_at)
     select $1, $2, event.*, $7 from unnest($3::bigint[], $4::text[], $5::uuid[], $6::text[]) as event
     on conflict (tenant, endpoint, index) do update
       set state = 'pending', attempts = 0, first_at = null, next_at = excluded.next_at`,
    [
      tenant,
      id,
      events.map(({ index }) => index),
      events.map(({ type }) => type),
      events.map(({ run }) => run ?? null),
      events.map(({ body }) => body),
      new Date(nowMs),
    ],
  )
}
