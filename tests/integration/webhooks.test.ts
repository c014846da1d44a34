import { randomBytes } from 'node:crypto'
import { createLocalKeyWrap, silentLog, systemClock } from '@azora/base'
import { DeliveryQuery, type DeliveryView, NewWebhook, type WebhookView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { createWebhooks, type RetryPolicy, type Webhooks } from '@azora/webhooks'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { openJournal } from '../support/journal.ts'
import { everythingIn } from '../support/planted.ts'
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts'
import { aRun, PLANTED } from '../support/webhooks.ts'

const OWNER = { id: 'user:owner', tenant: 'default' }
const STRANGER = { id: 'user:other', tenant: 'other' }
const QUICK: RetryPolicy = { waitMs: () => 20, giveUpMs: 60_000 }

let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let webhooks: Webhooks
let receivers: Receiver[]
const keyWrap = createLocalKeyWrap(randomBytes(32))
const open = async (retry: RetryPolicy = QUICK): Promise<Webhooks> => {
  const deps = { db: database.db, journal, keyWrap, allowedHosts: ['127.0.0.1'], clock: systemClock, log: silentLog }
  return createWebhooks({ ...deps, retry, answerMs: 300, publicUrl: 'https://azora.test' })
}

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  journal = await openJournal(database.db)
  webhooks = await open()
  receivers = []
})
afterEach(async () => {
  await webhooks.stop()
  for (const receiver of receivers) receiver.close()
  await journal.close()
  await database.close()
})

const receiver = async (answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> => {
  const started = await startReceiver(answer)
  receivers.push(started)
  return started
}
const answering = (...statuses: number[]): Promise<Receiver> =>
  receiver((response) => {
    const status = statuses.shift() ?? 204
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(`answer ${status}`)
  })
const create = (name: string, { url }: { url: string }, more: object = {}, caller = OWNER) =>
  webhooks.create(caller, NewWebhook.parse({ name, url, ...more }))
const reaches = (name: string, state: WebhookView['state']): Promise<void> =>
  expect.poll(async () => (await webhooks.get('default', name)).state, { timeout: 5_000 }).toBe(state)
const gets = ({ received }: Receiver, count: number): Promise<void> =>
  expect.poll(() => received.length, { timeout: 5_000 }).toBe(count)
const logOf = (name: string, query: object = {}): Promise<DeliveryView[]> =>
  webhooks.deliveries('default', name, DeliveryQuery.parse(query))
const typesAt = ({ received }: Receiver): string[] => received.map(({ event }) => event.type)
const kinds = async (): Promise<string[]> =>
  (await journal.read(0, 1_000)).map(({ header }) => header.kind).filter((kind) => kind.startsWith('webhook.'))

describe('an endpoint', () => {
  it('is told what happens, in order, with ids and states and nothing that somebody put in', async () => {
    const at = await receiver()
    await create('ci', at)
    const run = await aRun(journal)
    await gets(at, 3)
    expect(typesAt(at)).toEqual(['azora.run.scheduled', 'azora.run.started', 'azora.run.failed'])
    const index = (await journal.readRun(run))[2]?.header.index
    const last = at.received[2]
    expect(last?.id).toBe(`azora/test/${index}`)
    expect(last?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    expect(last?.event).toEqual({
      specversion: '1.0',
      id: `azora/test/${index}`,
      source: 'azora/test',
      type: 'azora.run.failed',
      subject: run,
      time: expect.any(String),
      datacontenttype: 'application/json',
      data: {
        tenant: 'default',
        run: { id: run, agentId: 'tester', agentVersion: '1.0.0', state: 'fail' },
        link: `https://azora.test/api/v1/runs/${run}`,
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
    await aRun(journal, { agentId: 'reader' })
    await aRun(journal, { agentId: 'writer' })
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
    await aRun(journal)
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
    await Promise.all(Array.from({ length: 5 }, () => aRun(journal)))
    await gets(well, 15)
    for (const name of ['slow', 'failing', 'dead']) await reaches(name, 'failing')
    expect((await logOf('slow')).find(({ last }) => last)?.last).toMatchObject({ error: 'no answer within 0.3 s' })
    expect((await logOf('failing')).find(({ last }) => last)?.last).toMatchObject({ status: 500, excerpt: 'oh' })
    expect((await logOf('dead')).find(({ last }) => last)?.last?.error).toMatch(/ECONNREFUSED/)
    expect(await webhooks.get('default', 'well')).toMatchObject({ state: 'active', pending: 0, failures: 0 })
  })

  it('that says it is gone is disabled on record, and gets what it missed when it is resumed', async () => {
    const at = await answering(410)
    await create('ci', at, { events: ['run.failed'] })
    await aRun(journal)
    await reaches('ci', 'disabled')
    expect(await webhooks.get('default', 'ci')).toMatchObject({ why: 'gone', pending: 1 })
    await aRun(journal)
    await webhooks.resume(OWNER, 'ci')
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
      await aRun(journal)
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    await reaches('dead', 'disabled')
    await expect.poll(() => logOf('picky', { state: 'failed' })).toMatchObject([{ eventId: poison[0] }])
    await expect.poll(async () => (await webhooks.get('default', 'picky')).pending).toBe(0)
    expect((await logOf('picky')).length).toBe(24)
  })
})

describe('a person', () => {
  it('pauses it and resumes it, and nothing is lost between', async () => {
    const at = await receiver()
    await create('ci', at, { events: ['run.failed'] })
    await webhooks.pause(OWNER, 'ci')
    await aRun(journal)
    await aRun(journal)
    expect(await webhooks.get('default', 'ci')).toMatchObject({ state: 'paused' })
    await webhooks.stop()
    webhooks = await open()
    expect(await webhooks.get('default', 'ci')).toMatchObject({ state: 'paused' })
    expect(at.received).toEqual([])
    await webhooks.resume(OWNER, 'ci')
    await gets(at, 2)
  })

  it('sends again: one event, or all since a time, under the same ids', async () => {
    const at = await receiver()
    await aRun(journal)
    const since = new Date().toISOString()
    await aRun(journal)
    await create('ci', at, { events: ['run.failed'] })
    await webhooks.replay(OWNER, 'ci', { since })
    await gets(at, 1)
    await webhooks.replay(OWNER, 'ci', { since: '2020-01-01T00:00:00.000Z' })
    await gets(at, 3)
    const [, first, second] = at.received.map(({ id }) => id)
    expect(second).toBe(at.received[0]?.id)
    await webhooks.replay(OWNER, 'ci', { eventId: first ?? '' })
    await gets(at, 4)
    expect(at.received[3]?.id).toBe(first)
    expect(at.received[3]?.body).toBe(at.received[1]?.body)
    for (const eventId of ['azora/test/999999', 'azora/other/1', `azora/test/${journal.status().size - 1}`])
      await expect(webhooks.replay(OWNER, 'ci', { eventId })).rejects.toMatchObject({ code: 'webhook_event_not_found' })
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
    expect(await webhooks.test(OWNER, 'ci')).toMatchObject({ delivered: true, status: 204 })
    expect(verifies(old)).toMatchObject({ type: 'azora.webhook.test', data: { tenant: 'default', webhook: 'ci' } })
    const { secret, webhook } = await webhooks.rotate(OWNER, 'ci', { overlapSeconds: 60 })
    expect(webhook.secrets.map(({ version }) => version)).toEqual([2, 1])
    await webhooks.test(OWNER, 'ci')
    for (const one of [old, secret]) verifies(one)
    await expect(webhooks.rotate(OWNER, 'ci', { overlapSeconds: 60 })).rejects.toMatchObject({
      code: 'webhook_rotation_running',
    })
    const { secret: last } = await webhooks.rotate(OWNER, 'ci', { overlapSeconds: 0 })
    await webhooks.test(OWNER, 'ci')
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
    await webhooks.update(OWNER, 'ci', { url: second.url, events: ['run.started'] })
    await aRun(journal)
    await gets(second, 1)
    expect(first.received).toEqual([])
    await webhooks.remove(OWNER, 'ci')
    await aRun(journal)
    await expect(webhooks.get('default', 'ci')).rejects.toMatchObject({ code: 'webhook_not_found' })
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
    await expect(webhooks.update(OWNER, 'ci', { url: 'https://169.254.169.254/' })).rejects.toMatchObject({
      code: 'webhook_url_refused',
    })
    for (let number = 1; number < 20; number += 1) await create(`hook-${number}`, at)
    await refused(at.url, 'webhooks_too_many')
  })

  it('sees that a name which leads inside was not connected to', async () => {
    const at = await receiver()
    await create('ci', { url: `https://localhost:${new URL(at.url).port}/` })
    const attempt = await webhooks.test(OWNER, 'ci')
    expect(attempt).toMatchObject({ delivered: false })
    expect(attempt.error).toMatch(/no public address|ENOTFOUND/)
    expect(at.received).toEqual([])
  })
})

describe('the webhook of the settings', () => {
  it('is made, follows its settings and goes with them', async () => {
    const at = await receiver()
    const server = { id: 'system:server', tenant: 'default' }
    const declared = { url: at.url, key: randomBytes(32), events: ['run.failed' as const] }
    await webhooks.declare(server, 'declared', declared)
    await webhooks.declare(server, 'declared', declared)
    await aRun(journal)
    await gets(at, 1)
    const key = randomBytes(32)
    await webhooks.declare(server, 'declared', { ...declared, key })
    await webhooks.test(OWNER, 'declared')
    const last = at.received.at(-1)
    new Webhook(`whsec_${key.toString('base64')}`).verify(last?.body ?? '', last?.headers ?? {})
    await webhooks.declare(server, 'declared', undefined)
    expect(await kinds()).toEqual(['webhook.created', 'webhook.rotated', 'webhook.removed'])
    await create('declared', at)
    await expect(webhooks.declare(server, 'declared', declared)).rejects.toMatchObject({ code: 'webhook_exists' })
  })
})
