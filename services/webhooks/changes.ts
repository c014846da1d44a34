import { randomUUID } from 'node:crypto'
import { AzoraError, type Clock, timestamp } from '@azora/base'
import type { EntryKind, EntryPayload, NewWebhook, WebhookChange, WebhookDisabled } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { type Caller, type Endpoint, HEALTHY } from './endpoint.ts'
import type { Keys } from './keys.ts'
import type { Targets } from './send/target.ts'
import type { Shelf, Shelved } from './shelf.ts'
import { secretOf } from './sign.ts'
import type { EndpointStore, StoredEndpoint } from './store/endpoints.ts'

export interface ChangeDeps {
  store: EndpointStore
  shelf: Shelf
  keys: Keys
  targets: Pick<Targets, 'assertUrl'>
  start(stored: StoredEndpoint): Shelved
  journal: Pick<Journal, 'append'>
  clock: Clock
}

const WEBHOOKS_MAX = 20
const SYSTEM = 'system:webhooks'

/** What people do to webhooks. Each change is on record, then it holds. */
export function createChanges({ store, shelf, keys, targets, start, journal, clock }: ChangeDeps) {
  const record = <K extends EntryKind>({ id, tenant }: Caller, kind: K, payload: EntryPayload<K>) =>
    journal.append({ kind, payload, tenant, actor: id } as never)

  async function set(shelved: Shelved, change: Partial<Endpoint>): Promise<void> {
    const endpoint = { ...shelved.endpoint, ...change }
    await store.update(endpoint)
    shelved.endpoint = endpoint
    shelved.lane.wake()
  }

  return {
    /** @param given the key, and with it the word of the server's owner that the address is right */
    async create(caller: Caller, { name, url, events, agents }: NewWebhook, given?: Buffer): Promise<string> {
      if (!given) targets.assertUrl(url)
      assertRoom(shelf.of(caller.tenant), name)
      const place = { tenant: caller.tenant, id: randomUUID() }
      const { key, secret } = await keys.make(place, 1, given)
      const terms = { webhookId: place.id, name, host: new URL(url).host, events, agents }
      const { header } = await record(caller, 'webhook.created', terms)
      const endpoint = {
        ...{ ...place, name, url, events, agents, state: 'active' as const },
        createdAt: timestamp(clock.now()),
        createdBy: caller.id,
      }
      const next = header.index + 1
      await store.insert({ endpoint, next }, secret)
      shelf.add(start({ endpoint, health: HEALTHY, next }))
      return secretOf(key)
    },
    async update(caller: Caller, name: string, change: WebhookChange, url?: 'trusted'): Promise<void> {
      const shelved = shelf.named(caller.tenant, name)
      if (change.url !== undefined && url !== 'trusted') targets.assertUrl(change.url)
      const endpoint = { ...shelved.endpoint, ...change }
      const { id: webhookId, events, agents } = endpoint
      const { host } = new URL(endpoint.url)
      await record(caller, 'webhook.changed', { webhookId, name, host, events, agents })
      await set(shelved, change)
    },
    async pause(caller: Caller, name: string): Promise<void> {
      const shelved = shelf.named(caller.tenant, name)
      if (shelved.endpoint.state === 'paused') return
      await record(caller, 'webhook.paused', naming(shelved.endpoint))
      await set(shelved, { state: 'paused', why: undefined })
    },
    async resume(caller: Caller, name: string): Promise<void> {
      const shelved = shelf.named(caller.tenant, name)
      if (shelved.endpoint.state !== 'active') await record(caller, 'webhook.resumed', naming(shelved.endpoint))
      await shelved.lane.recover()
      await set(shelved, { state: 'active', why: undefined })
    },
    async disable({ tenant, name, id }: Endpoint, why: WebhookDisabled): Promise<void> {
      const shelved = shelf.of(tenant).find(({ endpoint }) => endpoint.id === id)
      if (shelved?.endpoint.state !== 'active') return
      await record({ id: SYSTEM, tenant }, 'webhook.disabled', { webhookId: id, name, why })
      await set(shelved, { state: 'disabled', why })
    },
    async rotate(caller: Caller, name: string, overlapSeconds: number, given?: Buffer): Promise<string> {
      const { endpoint } = shelf.named(caller.tenant, name)
      const versions = await keys.versionsOf(endpoint)
      if (versions.length > 1 && overlapSeconds > 0) throw rotating(name)
      const version = (versions[0]?.version ?? 0) + 1
      const { key, secret } = await keys.make(endpoint, version, given)
      await record(caller, 'webhook.rotated', { ...naming(endpoint), version, overlapSeconds })
      const now = clock.now()
      await store.addSecret(endpoint, secret, timestamp(now + overlapSeconds * 1_000), timestamp(now))
      keys.forget(endpoint)
      return secretOf(key)
    },
    async remove(caller: Caller, name: string): Promise<void> {
      const { endpoint, lane } = shelf.named(caller.tenant, name)
      await record(caller, 'webhook.removed', naming(endpoint))
      shelf.remove(endpoint)
      // Not waited for: what it sends may wait for its turn to disable this one.
      void lane.stop()
      keys.forget(endpoint)
      await store.remove(endpoint)
    },
  }
}

export const naming = ({ id, name }: Endpoint): { webhookId: string; name: string } => ({ webhookId: id, name })

function assertRoom(ofTenant: readonly Shelved[], name: string): void {
  if (ofTenant.some(({ endpoint }) => endpoint.name === name))
    throw new AzoraError('conflict', 'webhook_exists', `there is a webhook ${name} already`, {
      remedy: `Choose another name, or remove that one first: azora webhook remove ${name}`,
    })
  if (ofTenant.length >= WEBHOOKS_MAX)
    throw new AzoraError('conflict', 'webhooks_too_many', `a tenant has at most ${WEBHOOKS_MAX} webhooks`, {
      remedy: 'Remove those that nobody needs: azora webhook list',
    })
}

const rotating = (name: string): AzoraError =>
  new AzoraError('conflict', 'webhook_rotation_running', `${name} has two secrets for now`, {
    remedy: `Wait for the end of the overlap (azora webhook show ${name}), or end the old ones with --now.`,
  })
