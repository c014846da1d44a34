import type { Db } from '@azora/base/db'
import type { Client } from '@azora/sdk/client'
import { percentilesOf } from '../measure.ts'

/** Milliseconds over HTTP, from the request to the parsed answer. */
export interface ListLatency {
  p50: number
  p95: number
}

const SAMPLES = 60
const WARM_UP = 5

type Query = NonNullable<Parameters<Client['api']['runs']['list']>[0]['query']>

/** Every filter and order of runs, each from the first page and from a place anywhere among the runs. */
export async function measureLists(client: Client, db: Db): Promise<Record<string, ListLatency>> {
  const { rows } = await db.query<{ id: string }>(
    `select id from orchestrator.run tablesample bernoulli (1) where tenant = 'default' order by random() limit 500`,
  )
  const times = rows.map(({ id }) => new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toISOString())
  const deep = (): string => pick(rows).id
  const since = (): string => pick(times)
  const queries: Record<string, () => Query> = {
    'first page': () => ({}),
    'deep page': () => ({ cursor: deep() }),
    'deep page, oldest first': () => ({ cursor: deep(), order: 'oldest' }),
    'state=scheduled, deep': () => ({ state: 'scheduled', cursor: deep() }),
    'state=success': () => ({ state: 'success' }),
    'state=success, oldest first, deep': () => ({ state: 'success', order: 'oldest', cursor: deep() }),
    'state=cancelled, which none is': () => ({ state: 'cancelled' }),
    'agent=direct, deep': () => ({ agentId: 'direct', cursor: deep() }),
    'agent=unknown': () => ({ agentId: 'unknown' }),
    'agent=direct, state=success': () => ({ agentId: 'direct', state: 'success' }),
    'agent=direct, state=cancelled': () => ({ agentId: 'direct', state: 'cancelled' }),
    'agent=direct, state=success, oldest first': () => ({ agentId: 'direct', state: 'success', order: 'oldest' }),
    'since, oldest first': () => ({ since: since(), order: 'oldest' }),
    'until, state=scheduled': () => ({ until: since(), state: 'scheduled' }),
    'until, state=cancelled, oldest first': () => ({ until: since(), state: 'cancelled', order: 'oldest' }),
    'a page of 200': () => ({ cursor: deep(), limit: 200 }),
  }
  const latencies: Record<string, ListLatency> = {}
  for (const [name, query] of Object.entries(queries))
    latencies[name] = await measured(() => client.api.runs.list({ query: query() }))
  latencies['status, with its counts'] = await measured(() => client.status())
  return latencies
}

/** The list of reviews, from the first page and from a place anywhere among them. */
export async function measureReviews(client: Client, db: Db): Promise<Record<string, ListLatency>> {
  const { rows } = await db.query<{ id: string; index: string }>(
    'select id, index from orchestrator.review where open order by random() limit 200',
  )
  const list = (query: () => object = () => ({})) =>
    measured(() => client.api.reviews.list({ query: { limit: 20, ...query() } }))
  return {
    'reviews, first page of 20': await list(),
    'reviews, deep page of 20': await list(() => ({ cursor: pick(rows).index })),
    'reviews, oldest first': await list(() => ({ order: 'oldest' })),
    'reviews of an unknown agent': await list(() => ({ agentId: 'unknown' })),
    'one review': await measured(() => client.api.reviews.get({ params: { reviewId: pick(rows).id } })),
  }
}

/** A few dozen times, one after the other. */
export async function measured(work: () => Promise<unknown>): Promise<ListLatency> {
  const found: number[] = []
  for (let at = 0; at < SAMPLES + WARM_UP; at += 1) {
    const startedMs = performance.now()
    await work()
    if (at >= WARM_UP) found.push(performance.now() - startedMs)
  }
  const at = percentilesOf(found)
  const round = (value: number): number => Math.round(value * 10) / 10
  return { p50: round(at(0.5)), p95: round(at(0.95)) }
}

const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T
