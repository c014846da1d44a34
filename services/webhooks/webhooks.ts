import { type Clock, type KeyWrap, type Log, oneAfterAnother } from '@azora/base'
import type { Db } from '@azora/base/db'
import type {
  DeliveryQuery,
  DeliveryView,
  Entry,
  NewWebhook,
  RotateWebhook,
  WebhookAttempt,
  WebhookChange,
  WebhookReplay,
  WebhookView,
  WebhookWithSecret,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { RETRY, type RetryPolicy } from './backoff.ts'
import { createChanges } from './changes.ts'
import { createDeclaring, type DeclaredWebhook } from './declare.ts'
import type { Caller } from './endpoint.ts'
import { eventIdOf } from './event.ts'
import { createFeed, TOLD_KINDS } from './feed.ts'
import { createKeys } from './keys.ts'
import { type LaneDeps, startLane } from './lane.ts'
import { createReplay } from './replay.ts'
import { createRunAgents } from './run-agents.ts'
import { createPost } from './send/post.ts'
import { createSlots } from './send/slots.ts'
import { createTargets } from './send/target.ts'
import { createShelf, type Shelved } from './shelf.ts'
import { signedHeaders } from './sign.ts'
import { createDeliveryStore } from './store/deliveries.ts'
import { createEndpointStore, type StoredEndpoint } from './store/endpoints.ts'
import { createTester } from './tester.ts'
import { createViews } from './views.ts'

export interface WebhooksDeps {
  db: Db
  journal: Pick<Journal, 'append' | 'read' | 'readRun' | 'scan' | 'status' | 'subscribe' | 'within'>
  /** Wraps the secrets of endpoints. */
  keyWrap: KeyWrap
  /** Hosts, or `host:port`, inside of the network that may be told something; the server's owner names them. */
  allowedHosts?: readonly string[]
  /** How others reach this server, such as `https://azora.example`; without it, links are paths. */
  publicUrl?: string | undefined
  retry?: RetryPolicy
  /** Longest time of a request to a receiver. */
  answerMs?: number
  clock: Clock
  log: Log
}

/** Receivers that are told what happens. Methods that name one throw `webhook_not_found`. */
export interface Webhooks {
  list(tenant: string): Promise<WebhookView[]>
  get(tenant: string, name: string): Promise<WebhookView>
  /** Throws `webhook_exists`, `webhooks_too_many`, `webhook_url_refused`, or what the key wrap throws; so does `rotate`. */
  create(caller: Caller, request: NewWebhook): Promise<WebhookWithSecret>
  /** Throws `webhook_url_refused`. */
  update(caller: Caller, name: string, change: WebhookChange): Promise<WebhookView>
  pause(caller: Caller, name: string): Promise<WebhookView>
  resume(caller: Caller, name: string): Promise<WebhookView>
  /** Throws `webhook_rotation_running`. */
  rotate(caller: Caller, name: string, request: RotateWebhook): Promise<WebhookWithSecret>
  remove(caller: Caller, name: string): Promise<void>
  deliveries(tenant: string, name: string, query: DeliveryQuery): Promise<DeliveryView[]>
  /** Throws `webhook_event_not_found`. */
  replay(caller: Caller, name: string, replay: WebhookReplay): Promise<WebhookView>
  /** Sends a test event now, also to one that is paused. */
  test(caller: Caller, name: string): Promise<WebhookAttempt>
  /** Makes the one that the server's own settings name, or removes it. Throws `webhook_exists`. */
  declare(caller: Caller, name: string, wanted: DeclaredWebhook | undefined): Promise<void>
  stop(): Promise<void>
}

export async function createWebhooks(deps: WebhooksDeps): Promise<Webhooks> {
  const { db, journal, keyWrap, allowedHosts = [], publicUrl = '', clock, log } = deps
  const { shard } = journal.status()
  const endpoints = await createEndpointStore(db)
  const deliveries = createDeliveryStore(db)
  const keys = createKeys({ store: endpoints, keyWrap, clock })
  const targets = createTargets(allowedHosts)
  const post = createPost(targets, deps.answerMs)
  const slots = createSlots()
  const shelf = createShelf()
  const agentOf = createRunAgents(journal)
  const inTurn = oneAfterAnother()

  const laneDeps: LaneDeps = {
    ...{ deliveries, endpoints, feed: createFeed(journal), agentOf, publicUrl, slots, clock, log },
    policy: deps.retry ?? RETRY,
    disable: (endpoint, why) => inTurn(() => changes.disable(endpoint, why)),
    async send(endpoint, { index, body }, signal) {
      const headers = signedHeaders(eventIdOf(shard, index), body, await keys.validFor(endpoint), clock.now())
      return post(endpoint.url, { body, headers }, signal)
    },
  }
  const start = (stored: StoredEndpoint): Shelved => {
    const held = { endpoint: stored.endpoint }
    return Object.assign(held, { lane: startLane(() => held.endpoint, stored, laneDeps) })
  }
  const changes = createChanges({ store: endpoints, shelf, keys, targets, start, journal, clock })
  const replay = createReplay({ shelf, deliveries, journal, agentOf, publicUrl, clock })
  const declare = createDeclaring({ shelf, keys, changes })
  const views = createViews({ shard, shelf, deliveries, keys })
  const tester = createTester({ shelf, keys, slots, post, clock })
  const changed = async ({ tenant }: Caller, name: string, change: () => Promise<void>): Promise<WebhookView> => {
    await inTurn(change)
    return views.get(tenant, name)
  }

  for (const stored of await endpoints.all()) shelf.add(start(stored))
  const unsubscribe = journal.subscribe(
    gathering(clock, (tenants) => {
      for (const tenant of tenants) for (const { lane } of shelf.of(tenant)) lane.notice()
    }),
  )

  return {
    ...views,
    async create(caller, request) {
      const secret = await inTurn(() => changes.create(caller, request))
      return { webhook: await views.get(caller.tenant, request.name), secret }
    },
    update: (caller, name, change) => changed(caller, name, () => changes.update(caller, name, change)),
    pause: (caller, name) => changed(caller, name, () => changes.pause(caller, name)),
    resume: (caller, name) => changed(caller, name, () => changes.resume(caller, name)),
    async rotate(caller, name, { overlapSeconds }) {
      const secret = await inTurn(() => changes.rotate(caller, name, overlapSeconds))
      return { webhook: await views.get(caller.tenant, name), secret }
    },
    remove: (caller, name) => inTurn(() => changes.remove(caller, name)),
    replay: (caller, name, request) => changed(caller, name, () => replay(caller, name, request)),
    test: ({ tenant }, name) => tester.test(tenant, name),
    declare: (caller, name, wanted) => inTurn(() => declare(caller, name, wanted)),
    async stop() {
      unsubscribe()
      tester.stop()
      await Promise.all(shelf.all().map(({ lane }) => lane.stop()))
    },
  }
}

/** What happens within so much time is looked for in the log once. */
const GATHER_MS = 50

/** Gathers the tenants in whose runs something happened that receivers can be told. */
function gathering(clock: Clock, tell: (tenants: ReadonlySet<string>) => void): (entries: readonly Entry[]) => void {
  let tenants = new Set<string>()
  return (entries) => {
    const isFirst = tenants.size === 0
    for (const { header } of entries) if (TOLD_KINDS.includes(header.kind)) tenants.add(header.tenant)
    if (!isFirst || tenants.size === 0) return
    clock.after(GATHER_MS, () => {
      const gathered = tenants
      tenants = new Set()
      tell(gathered)
    })
  }
}
