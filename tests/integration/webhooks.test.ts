import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createLocalKeyWrap, silentLog, systemClock } from '@azora/base'
import { DeliveryQuery, type DeliveryView, NewWebhook, type WebhookView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { createWebhooks, type RetryPolicy, type Webhooks } from '@azora/webhooks'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { openJournal } from '../support/journal.ts'
import { everythingIn } from '../support/planted.ts'
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts'
import { aRun, PLANTED } from '../support/webhooks.ts'

const STRANGER = { id: 'user:other', tenant: 'other' }
const QUICK: RetryPolicy = { waitMs: () => 20, giveUpMs: 60_000 }

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let webhooks: Webhooks
let receivers: Receiver[]
/** Each test has a tenant of its own. */
let owner = { id: 'user:owner', tenant: '' }
let tests = 0
const keyWrap = createLocalKeyWrap(randomBytes(32))
const open = async (retry: RetryPolicy = QUICK): Promise<Webhooks> => {
  const deps = { db: database.db, journal, keyWrap, allowedHosts: ['127.0.0.1'], clock: systemClock, log: silentLog }
  return createWebhooks({ ...deps, retry, answerMs: 300, publicUrl: 'https://azora.test' })
}

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  journal = await openJournal(database.db)
})
afterAll(async () => {
  await journal.close()
  await database.close()
  await postgres.stop()
})
beforeEach(async () => {
  tests += 1
  owner = { id: 'user:owner', tenant: `tenant-${tests}` }
  webhooks = await open()
  receivers = []
})
afterEach(async () => {
  await webhooks.stop()
  for (const receiver of receivers) receiver.close()
  await database.db.query('truncate webhooks.endpoint cascade')
})

const receiver = async (answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> => {
  const started = await startReceiver(answer)
  receivers.push(started)
  return started
}
const run = (about: { agentId?: string } = {}): Promise<string> => aRun(journal, { tenant: owner.tenant, ...about })
const answering = (...statuses: number[]): Promise<Receiver> =>
  receiver((response) => {
    const status = statuses.shift() ?? 204
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(`answer ${status}`)
  })
const create = (name: string, { url }: { url: string }, more: object = {}, caller = owner) =>
  webhooks.create(caller, NewWebhook.parse({ name, url, ...more }))
const reaches = (name: string, state: WebhookView['state']): Promise<void> =>
  expect.poll(async () => (await webhooks.get(owner.tenant, name)).state, { timeout: 5_000 }).toBe(state)
const gets = ({ received }: Receiver, count: number): Promise<void> =>
  expect.poll(() => received.length, { timeout: 5_000 }).toBe(count)
const logOf = (name: string, query: object = {}): Promise<DeliveryView[]> =>
  webhooks.deliveries(owner.tenant, name, DeliveryQuery.parse(query))
const typesAt = ({ received }: Receiver): string[] => received.map(({ event }) => event.type)
const kinds = async (): Promise<string[]> =>
  (await journal.read(0, 1_000))
    .filter(({ header }) => header.tenant === owner.tenant && header.kind.startsWith('webhook.'))
    .map(({ header }) => header.kind)

describe('an endpoint', () => {
  it('is told what happens, in order, with ids and states and nothing that somebody put in', async () => {
    const at = await receiver()
    await create('ci', at)
    const runId = await run()
    await gets(at, 3)
    expect(typesAt(at)).toEqual(['azora.run.scheduled', 'azora.run.started', 'azora.run.failed'])
    const index = (await journal.readRun(runId))[2]?.header.index
    const last = at.received[2]
    expect(last?.id).toBe(`azora/test/${index}`)
    expect(last?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    expect(last?.event).toEqual({
      specversion: '1.0',
      id: `azora/test/${index}`,
      source: 'azora/test',
      type: 'azora.run.failed',
      subject: runId,
      time: expect.any(String),
      datacontenttype: 'application/json',
      data: {
        tenant: owner.tenant,
        run: { id: runId, agentId: 'tester', agentVersion: '1.0.0', state: 'fail' },
        link: `https://azora.test/api/v1/runs/${runId}`,
      },
    })
    for (const { body } of at.received) expect(body).not.toContain(PLANTED)
    expect(await logOf('ci')).toMatchObject([
      { eventId: last?.id, type: 'run.failed', state: 'delivered', attempts: 1, last: { status: 204 } },
      {},
      {},
    ])
  })

  it('chooses events and agents, and hears nothing of other tenants', async () => {
    const [ends, oneAgent, others] = [await receiver(), await receiver(), await receiver()]
    await create('ends', ends, { events: ['run.failed'] })
    await create('one-agent', oneAgent, { agents: ['writer'] })
    await create('ends', others, {}, STRANGER)
    await run({ agentId: 'reader' })
    await run({ agentId: 'writer' })
    await gets(oneAgent, 3)
    await gets(ends, 2)
    expect(typesAt(ends)).toEqual(['azora.run.failed', 'azora.run.failed'])
    expect(oneAgent.received.every(({ event }) => event.data.run?.agentId === 'writer')).toBe(true)
    expect(others.received).toEqual([])
    await expect(webhooks.get('other', 'one-agent')).rejects.toMatchObject({ code: 'webhook_not_found' })
  })

  it('is tried again until it takes it, under one id, and follows no redirect', async () => {
    const at = await answering(500, 302)
    await create('ci', at, { events: ['run.failed'] })
    await run()
    await gets(at, 3)
    expect(new Set(at.received.map(({ id }) => id)).size).toBe(1)
    await expect.poll(() => logOf('ci')).toMatchObject([{ state: 'delivered', attempts: 3 }])
  })

  it('that is slow, dead or failing holds up nobody, and is seen to fail', async () => {
    const [slow, failing, well] = [
      await receiver(() => {}),
      await receiver((r) => r.writeHead(500).end('oh')),
      await receiver(),
    ]
    await create('slow', slow)
    await create('failing', failing)
    await create('dead', { url: 'http://127.0.0.1:1/' })
    await create('well', well)
    await Promise.all(Array.from({ length: 5 }, () => run()))
    await gets(well, 15)
    for (const name of ['slow', 'failing', 'dead']) await reaches(name, 'failing')
    expect((await logOf('slow')).find(({ last }) => last)?.last).toMatchObject({ error: 'no answer within 0.3 s' })
    expect((await logOf('failing')).find(({ last }) => last)?.last).toMatchObject({ status: 500, excerpt: 'oh' })
    expect((await logOf('dead')).find(({ last }) => last)?.last?.error).toMatch(/ECONNREFUSED/)
    expect(await webhooks.get(owner.tenant, 'well')).toMatchObject({ state: 'active', pending: 0, failures: 0 })
  })

  it('that says it is gone is disabled on record, and gets what it missed when it is resumed', async () => {
    const at = await answering(410)
    await create('ci', at, { events: ['run.failed'] })
    await run()
    await reaches('ci', 'disabled')
    expect(await webhooks.get(owner.tenant, 'ci')).toMatchObject({ why: 'gone', pending: 1 })
    await run()
    await webhooks.resume(owner, 'ci')
    await gets(at, 3)
    expect(new Set(at.received.map(({ id }) => id)).size).toBe(2)
    expect(await kinds()).toEqual(['webhook.created', 'webhook.disabled', 'webhook.resumed'])
  })

  it('that takes nothing for too long is disabled; one message that it never takes is given up', async () => {
    await webhooks.stop()
    webhooks = await open({ waitMs: () => 20, giveUpMs: 150 })
    const poison: string[] = []
    const picky = await receiver((response, { id }) => {
      if (poison.length === 0) poison.push(id)
      response.writeHead(poison.includes(id) ? 400 : 204).end()
    })
    await create('dead', { url: 'http://127.0.0.1:1/' })
    await create('picky', picky, { events: ['run.started', 'run.failed'] })
    for (let runs = 0; runs < 12; runs += 1) {
      await run()
      await setTimeout(30)
    }
    await reaches('dead', 'disabled')
    await expect.poll(() => logOf('picky', { state: 'failed' })).toMatchObject([{ eventId: poison[0] }])
    await expect.poll(async () => (await webhooks.get(owner.tenant, 'picky')).pending).toBe(0)
    await expect.poll(async () => (await logOf('picky', { state: 'delivered' })).length, { timeout: 5_000 }).toBe(23)
  })
})

describe('a person', () => {
  it('pauses it and resumes it, and nothing is lost between', async () => {
    const at = await receiver()
    await create('ci', at, { events: ['run.failed'] })
    await webhooks.pause(owner, 'ci')
    await run()
    await run()
    expect(await webhooks.get(owner.tenant, 'ci')).toMatchObject({ state: 'paused' })
    await webhooks.stop()
    webhooks = await open()
    expect(await webhooks.get(owner.tenant, 'ci')).toMatchObject({ state: 'paused' })
    expect(at.received).toEqual([])
    await webhooks.resume(owner, 'ci')
    await gets(at, 2)
  })

  it('sends again: one event, or all since a time, under the same ids', async () => {
    const at = await receiver()
    await run()
    // What was on record within the same millisecond would be sent again too.
    await setTimeout(5)
    const since = new Date().toISOString()
    await run()
    await create('ci', at, { events: ['run.failed'] })
    await webhooks.replay(owner, 'ci', { since })
    await gets(at, 1)
    await webhooks.replay(owner, 'ci', { since: '2020-01-01T00:00:00.000Z' })
    await gets(at, 3)
    const [, first, second] = at.received.map(({ id }) => id)
    expect(second).toBe(at.received[0]?.id)
    await webhooks.replay(owner, 'ci', { eventId: first ?? '' })
    await gets(at, 4)
    expect(at.received[3]?.id).toBe(first)
    expect(at.received[3]?.body).toBe(at.received[1]?.body)
    for (const eventId of ['azora/test/999999', 'azora/other/1', `azora/test/${journal.status().size - 1}`])
      await expect(webhooks.replay(owner, 'ci', { eventId })).rejects.toMatchObject({ code: 'webhook_event_not_found' })
    await create('theirs', at, {}, STRANGER)
    await expect(webhooks.replay(STRANGER, 'theirs', { eventId: first ?? '' })).rejects.toMatchObject({
      code: 'webhook_event_not_found',
    })
  })

  it('rotates the secret: both sign for the overlap, and none of them is in the database', async () => {
    const at = await receiver()
    const { secret: old } = await create('ci', at)
    const verifies = (secret: string, of = at.received.at(-1)): unknown =>
      new Webhook(secret).verify(of?.body ?? '', of?.headers ?? {})
    expect(await webhooks.test(owner, 'ci')).toMatchObject({ delivered: true, status: 204 })
    expect(verifies(old)).toMatchObject({ type: 'azora.webhook.test', data: { tenant: owner.tenant, webhook: 'ci' } })
    const { secret, webhook } = await webhooks.rotate(owner, 'ci', { overlapSeconds: 60 })
    expect(webhook.secrets.map(({ version }) => version)).toEqual([2, 1])
    await webhooks.test(owner, 'ci')
    for (const one of [old, secret]) verifies(one)
    await expect(webhooks.rotate(owner, 'ci', { overlapSeconds: 60 })).rejects.toMatchObject({
      code: 'webhook_rotation_running',
    })
    const { secret: last } = await webhooks.rotate(owner, 'ci', { overlapSeconds: 0 })
    await webhooks.test(owner, 'ci')
    verifies(last)
    for (const one of [old, secret]) expect(() => verifies(one)).toThrow()
    const all = await everythingIn(database.db)
    for (const one of [old, secret, last]) {
      expect(all).not.toContain(one.slice(6))
      expect(all).not.toContain(Buffer.from(one.slice(6), 'base64').toString('hex'))
    }
  })

  it('changes and removes it, each on record', async () => {
    const [first, second] = [await receiver(), await receiver()]
    await create('ci', first)
    await webhooks.update(owner, 'ci', { url: second.url, events: ['run.started'] })
    await run()
    await gets(second, 1)
    expect(first.received).toEqual([])
    await webhooks.remove(owner, 'ci')
    await run()
    await expect(webhooks.get(owner.tenant, 'ci')).rejects.toMatchObject({ code: 'webhook_not_found' })
    expect(await kinds()).toEqual(['webhook.created', 'webhook.changed', 'webhook.removed'])
    expect(second.received).toHaveLength(1)
  })

  it('is refused what can not be right', async () => {
    const at = await receiver()
    await create('ci', at)
    const refused = (url: string, code: string, name = 'other'): Promise<void> =>
      expect(create(name, { url })).rejects.toMatchObject({ code })
    await refused(at.url, 'webhook_exists', 'ci')
    await refused('http://192.0.2.1/', 'webhook_url_refused')
    await refused('https://10.0.0.1/', 'webhook_url_refused')
    await expect(webhooks.update(owner, 'ci', { url: 'https://169.254.169.254/' })).rejects.toMatchObject({
      code: 'webhook_url_refused',
    })
    for (let number = 1; number < 20; number += 1) await create(`hook-${number}`, at)
    await refused(at.url, 'webhooks_too_many')
  })

  it('sees that a name which leads inside was not connected to', async () => {
    const at = await receiver()
    await create('ci', { url: `https://localhost:${new URL(at.url).port}/` })
    const attempt = await webhooks.test(owner, 'ci')
    expect(attempt).toMatchObject({ delivered: false })
    expect(attempt.error).toMatch(/no public address|ENOTFOUND/)
    expect(at.received).toEqual([])
  })
})

describe('the webhook of the settings', () => {
  it('is made, follows its settings and goes with them', async () => {
    const at = await receiver()
    const server = { id: 'system:server', tenant: owner.tenant }
    const declared = { url: at.url, key: randomBytes(32), events: ['run.failed' as const] }
    await webhooks.declare(server, 'declared', declared)
    await webhooks.declare(server, 'declared', declared)
    await run()
    await gets(at, 1)
    const key = randomBytes(32)
    await webhooks.declare(server, 'declared', { ...declared, key })
    await webhooks.test(owner, 'declared')
    const last = at.received.at(-1)
    new Webhook(`whsec_${key.toString('base64')}`).verify(last?.body ?? '', last?.headers ?? {})
    await webhooks.declare(server, 'declared', undefined)
    expect(await kinds()).toEqual(['webhook.created', 'webhook.rotated', 'webhook.removed'])
    await create('declared', at)
    await expect(webhooks.declare(server, 'declared', declared)).rejects.toMatchObject({ code: 'webhook_exists' })
  })
})
