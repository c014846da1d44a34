import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { silentLog, systemClock } from '@azora/base'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseSecret } from '../../apps/server/review-webhook/message.ts'
import { reviewWebhookTarget } from '../../apps/server/review-webhook/open.ts'
import { post } from '../../apps/server/review-webhook/post.ts'
import { type ReviewWebhook, startReviewWebhook } from '../../apps/server/review-webhook/webhook.ts'
import { startPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const KEY = parseSecret(SECRET)
const ALICE = person('user:alice')
const MESSAGE = { body: '{}', headers: {} }

interface Received {
  headers: IncomingMessage['headers']
  body: string
}

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let receiver: HttpServer
let url: URL
let received: Received[]
/** Statuses of the next answers; 204 once there are none. */
let answers: number[]
let webhook: ReviewWebhook | undefined

beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  server = await startServer({ db: database.db, world: createWorld(), signer: newSigner() })
  received = []
  answers = []
  receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) })
    const status = answers.shift() ?? 204
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = new URL(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`)
})
afterEach(async () => {
  await webhook?.stop()
  webhook = undefined
  receiver.closeAllConnections()
  receiver.close()
  await server.stop()
  await database.close()
})

const open = async (): Promise<void> => {
  webhook = await startReviewWebhook({
    journal: server.journal,
    reviewsOf: (tenant, runId) => server.orchestrator.reviewsOf({ id: 'system:test', tenant }, runId),
    key: KEY,
    send: (message) => post(url, message, true),
    clock: systemClock,
    log: silentLog,
    retryMs: () => 20,
  })
}
const events = () => received.map(({ body }) => JSON.parse(body))
const waitingRun = async (): Promise<string> => {
  const runId = await server.run([[{ id: 'a', skill: 'test.write', input: { verdict: 'review', text: 'a' } }]])
  await server.reaches(runId, 'awaiting_review')
  return runId
}
const delivered = (count: number): Promise<void> =>
  expect.poll(async () => (await server.journal.scan(['review.notified'], -1)).length, { timeout: 10_000 }).toBe(count)

describe('the review webhook', () => {
  it('tells what waits and what was decided, signed', async () => {
    await open()
    const runId = await waitingRun()
    await delivered(1)
    const [review] = await server.orchestrator.reviews(OWNER)
    if (!review) throw new RangeError('no review waits')
    await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'approve'))
    await delivered(2)
    expect(events()).toMatchObject([
      {
        specversion: '1.0',
        type: 'azora.review.requested',
        subject: runId,
        data: { review: { input: { text: 'a' } } },
      },
      { type: 'azora.review.decided', data: { decision: 'approve', signed: { statement: { decider: 'user:alice' } } } },
    ])
    for (const { headers, body } of received) {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`)
    }
  })

  it('tries again until it is taken, and follows no redirect', async () => {
    answers = [500, 302, 429]
    await open()
    await waitingRun()
    await delivered(1)
    expect(received).toHaveLength(4)
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  })

  it('sends what happened while it was away, and nothing twice', async () => {
    await waitingRun()
    await open()
    await delivered(1)
    await webhook?.stop()
    await waitingRun()
    await open()
    await delivered(2)
    expect(received).toHaveLength(2)
  })
})

describe('a target', () => {
  it('inside is refused, by address and by name', async () => {
    await expect(post(url, MESSAGE, false)).rejects.toThrow('no public address')
    const named = new URL(url)
    named.hostname = 'localhost'
    await expect(post(named, MESSAGE, false)).rejects.toThrow('no public address')
    expect(received).toEqual([])
  })

  it('is read from the environment, or refused', () => {
    expect(reviewWebhookTarget({})).toBeUndefined()
    const env = { AZORA_REVIEW_WEBHOOK: 'https://example.org/hook', AZORA_REVIEW_WEBHOOK_SECRET: SECRET }
    expect(reviewWebhookTarget(env)).toMatchObject({ allowPrivate: false, key: KEY })
    const refusals = [
      { ...env, AZORA_REVIEW_WEBHOOK: 'ftp://example.org' },
      { ...env, AZORA_REVIEW_WEBHOOK_SECRET: '' },
      { ...env, AZORA_REVIEW_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' },
    ]
    for (const refusal of refusals) expect(() => reviewWebhookTarget(refusal)).toThrow(/AZORA_REVIEW_WEBHOOK/)
  })
})
