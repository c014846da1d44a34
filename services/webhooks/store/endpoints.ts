import { fileURLToPath } from 'node:url'
import { type Db, migrate } from '@azora/base/db'
import type { WebhookDisabled, WebhookEvent } from '@azora/contracts'
import type { Endpoint, Health, SecretVersion } from '../endpoint.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))
const ENDPOINTS_MAX = 100_000

/** What names an endpoint in every statement. */
export type Place = Pick<Endpoint, 'tenant' | 'id'>

export interface StoredEndpoint {
  endpoint: Endpoint
  health: Health
  /** Index of the first entry of the log that it has not been queued. */
  next: number
}

export interface StoredSecret extends SecretVersion {
  wrapped: Buffer
}

export interface EndpointStore {
  /** Every endpoint of every tenant. */
  all(): Promise<StoredEndpoint[]>
  insert(stored: Pick<StoredEndpoint, 'endpoint' | 'next'>, secret: StoredSecret): Promise<void>
  /** Address, filters and state. */
  update(endpoint: Endpoint): Promise<void>
  setHealth(place: Place, health: Health): Promise<void>
  remove(place: Place): Promise<void>
  secrets(place: Place): Promise<StoredSecret[]>
  /** Adds one, lets the others end at a time, and forgets those that have ended by then. */
  addSecret(place: Place, secret: StoredSecret, othersEndAt: string, now: string): Promise<void>
}

/** Postgres schema `webhooks`: endpoints and their secrets. */
export async function createEndpointStore(db: Db): Promise<EndpointStore> {
  await migrate(db, 'webhooks', MIGRATIONS)
  return {
    async all() {
      const { rows } = await db.query<EndpointRow>('select * from webhooks.endpoint order by tenant, name limit $1', [
        ENDPOINTS_MAX,
      ])
      return rows.map(storedOf)
    },
    async insert({ endpoint, next }, secret) {
      const { tenant, id, name, url, events, agents, state, createdAt, createdBy } = endpoint
      await db.within(tenant).transaction(async (tx) => {
        await tx.query(
          `insert into webhooks.endpoint (tenant, id, name, url, events, agents, state, next, created_at, created_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
          [tenant, id, name, url, events, agents, state, next, createdAt, createdBy],
        )
        await insertSecret(tx, endpoint, secret)
      })
    },
    async update({ tenant, id, url, events, agents, state, why }) {
      await db
        .within(tenant)
        .query(
          `update webhooks.endpoint set url = $3, events = $4, agents = $5, state = $6, why = $7 where tenant = $1 and id = $2`,
          [tenant, id, url, events, agents, state, why ?? null],
        )
    },
    async setHealth({ tenant, id }, { failures, failingSinceMs, retryAtMs }) {
      await db.query(
        `update webhooks.endpoint set failures = $3, failing_since = $4, retry_at = $5 where tenant = $1 and id = $2`,
        [tenant, id, failures, dateOf(failingSinceMs), dateOf(retryAtMs)],
      )
    },
    async remove({ tenant, id }) {
      await db.within(tenant).query('delete from webhooks.endpoint where tenant = $1 and id = $2', [tenant, id])
    },
    async secrets({ tenant, id }) {
      const { rows } = await db
        .within(tenant)
        .query<SecretRow>(
          'select * from webhooks.secret where tenant = $1 and endpoint = $2 order by version desc limit 10',
          [tenant, id],
        )
      return rows.map((row) => ({
        version: row.version,
        wrapped: row.wrapped,
        createdAt: row.created_at.toISOString(),
        expiresAt: row.expires_at?.toISOString(),
      }))
    },
    async addSecret(place, secret, othersEndAt, now) {
      const { tenant, id } = place
      await db.within(tenant).transaction(async (tx) => {
        await tx.query(
          `update webhooks.secret set expires_at = least(expires_at, $3) where tenant = $1 and endpoint = $2`,
          [tenant, id, othersEndAt],
        )
        await tx.query('delete from webhooks.secret where tenant = $1 and endpoint = $2 and expires_at <= $3', [
          tenant,
          id,
          now,
        ])
        await insertSecret(tx, place, secret)
      })
    },
  }
}

async function insertSecret(
  db: Pick<Db, 'query'>,
  { tenant, id }: Place,
  { version, wrapped, createdAt }: StoredSecret,
): Promise<void> {
  await db.query(
    'insert into webhooks.secret (tenant, endpoint, version, wrapped, created_at) values ($1, $2, $3, $4, $5)',
    [tenant, id, version, wrapped, createdAt],
  )
}

interface EndpointRow {
  tenant: string
  id: string
  name: string
  url: string
  events: string[]
  agents: string[]
  state: Endpoint['state']
  why: WebhookDisabled | null
  failures: number
  failing_since: Date | null
  retry_at: Date | null
  next: string
  created_at: Date
  created_by: string
}

interface SecretRow {
  version: number
  wrapped: Buffer
  created_at: Date
  expires_at: Date | null
}

const storedOf = (row: EndpointRow): StoredEndpoint => ({
  endpoint: {
    tenant: row.tenant,
    id: row.id,
    name: row.name,
    url: row.url,
    events: row.events as WebhookEvent[],
    agents: row.agents,
    state: row.state,
    why: row.why ?? undefined,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  },
  health: {
    failures: row.failures,
    failingSinceMs: row.failing_since?.getTime(),
    retryAtMs: row.retry_at?.getTime(),
  },
  next: Number(row.next),
})

const dateOf = (ms: number | undefined): Date | null => (ms === undefined ? null : new Date(ms))
