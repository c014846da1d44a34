import { clockOf } from '@azora/base'
import type { JsonObject, ReviewDecision, ReviewView } from '@azora/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsOf, putOnRecord, reportOn } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { type DecisionChange, decisionOf, type Person, person } from '../support/people.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const ALICE = person('user:alice')
const BOB = person('user:bob')
const MINUTE = 60_000

let postgres: TestPostgres
let database: TestDatabase
let world: World
let server: Server
let now: number
const signer = newSigner()

/** @param ready resolves when a node has room */
const start = (ready = async (): Promise<void> => {}): Promise<Server> =>
  startServer({ db: database.connect(), world, signer, clock: clockOf(() => now), ready })
const noRoom = (): Promise<never> => new Promise(() => {})

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  now = Date.now()
  database = await postgres.createDatabase()
  world = createWorld()
  server = await start()
  await putOnRecord(server.journal, ALICE, BOB)
})
afterEach(async () => {
  const replayed = await server.replayer.replayRecorded(OWNER, {})
  expect(replayed.runs.filter(({ outcome }) => outcome !== 'incomplete')).toEqual([])
  await server.stop()
  await database.close()
})

const write = (id: string, input: JsonObject = {}) => ({
  id,
  skill: 'test.write',
  input: { verdict: 'review', text: id, ...input },
})
const performed = (): unknown[] => world.requests.map(({ action }) => action.input.text)

async function waiting(runId: string): Promise<ReviewView> {
  await server.reaches(runId, 'awaiting_review')
  const review = (await server.orchestrator.reviews(OWNER)).find((candidate) => candidate.runId === runId)
  if (!review) throw new RangeError('no review waits')
  return review
}

const decide = (who: Person, review: ReviewView, decision: ReviewDecision, change: DecisionChange = {}) =>
  server.orchestrator.decide(who, review.reviewId, decisionOf(who, review, decision, { at: isoNow(), ...change }))
const isoNow = (): string => new Date(now).toISOString()
const refusal = (code: string) => expect.objectContaining({ code })

describe('a review', () => {
  it('needs as many different people as its quorum', async () => {
    const runId = await server.run([[write('a', { quorum: 2 })]])
    const review = await waiting(runId)
    expect(review).toMatchObject({ terms: { quorum: 2 }, approvedBy: [], requesters: ['agent:scripted@1.0.0'] })
    expect((await decide(ALICE, review, 'approve')).state).toBe('awaiting_review')
    await expect(decide(ALICE, review, 'approve')).rejects.toEqual(refusal('approved_before'))
    expect((await waiting(runId)).approvedBy).toEqual(['user:alice'])
    expect(performed()).toEqual([])
    await decide(BOB, review, 'approve')
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a'])
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
  })

  it('is ended by one denial', async () => {
    const runId = await server.run([[write('a', { quorum: 3 })]])
    const review = await waiting(runId)
    await decide(ALICE, review, 'approve')
    await decide(BOB, review, 'deny')
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual({ a: 'denied' })
    expect(performed()).toEqual([])
  })

  it('is never decided by who asked', async () => {
    const { runId } = await server.orchestrator.execute(OWNER, {
      skillId: 'test.write',
      input: { verdict: 'review', text: 'mine' },
      scope: { read: [], write: [], hosts: [] },
      priority: 5,
    })
    const review = await waiting(runId)
    await expect(decide(person('user:owner', ['owner']), review, 'approve')).rejects.toEqual(
      refusal('not_permitted_to_decide'),
    )
    await decide(ALICE, review, 'approve')
    await server.reaches(runId, 'success')
  })

  it('takes no decision that its person did not sign', async () => {
    const review = await waiting(await server.run([[write('a')]]))
    const forged = (request: ReturnType<typeof decisionOf>) =>
      server.orchestrator.decide(ALICE, review.reviewId, request)
    const good = decisionOf(ALICE, review, 'approve', { at: isoNow() })
    const others = [
      { ...good, signature: decisionOf(ALICE, review, 'deny').signature },
      { ...good, statement: { ...good.statement, decision: 'deny' as const } },
      decisionOf(BOB, review, 'approve'),
      decisionOf({ ...BOB, id: 'user:alice' }, review, 'approve'),
      decisionOf(ALICE, { ...review, reviewId: '01890a5d-ac96-774b-bcce-b302099a8057' }, 'approve'),
      decisionOf(ALICE, review, 'approve', { at: new Date(now - 11 * MINUTE).toISOString() }),
    ]
    for (const request of others) await expect(forged(request)).rejects.toEqual(refusal('signature_invalid'))
    await expect(server.orchestrator.decide({ ...ALICE, keys: [] }, review.reviewId, good)).rejects.toEqual(
      refusal('signature_invalid'),
    )
    expect(performed()).toEqual([])
  })
})

describe('amended arguments', () => {
  it('are a new action, which the one who changed them may not approve', async () => {
    const runId = await server.run([[write('a')]])
    const review = await waiting(runId)
    const input = { verdict: 'review', text: 'better' }
    await decide(ALICE, review, 'amend', { input })
    await server.until(runId, ({ actions }) => actions[0]?.actionDigest !== review.actionDigest)
    const again = await waiting(runId)
    expect(again).toMatchObject({ input, requesters: ['agent:scripted@1.0.0', 'user:alice'] })
    expect(again.diff).toContain('-  "text": "a"')
    expect(again.diff).toContain('+  "text": "better"')
    await expect(decide(ALICE, again, 'approve')).rejects.toEqual(refusal('not_permitted_to_decide'))
    await expect(decide(BOB, { ...again, actionDigest: review.actionDigest }, 'approve')).rejects.toEqual(
      refusal('review_of_other_arguments'),
    )
    await decide(BOB, again, 'approve')
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['better'])
  })

  it('are judged from the start', async () => {
    const runId = await server.run([[write('a')]])
    await decide(ALICE, await waiting(runId), 'amend', { input: { text: 'harmless' } })
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual({ a: 'succeeded' })
    expect(performed()).toEqual(['harmless'])
  })

  it('are refused when there are none, and when the skill does not take them', async () => {
    const strict = { id: 'a', skill: 'test.strict', input: { verdict: 'review', path: 'x' } }
    const review = await waiting(await server.run([[strict]]))
    await expect(decide(ALICE, review, 'amend')).rejects.toEqual(refusal('amendment_invalid'))
    await expect(decide(ALICE, review, 'approve', { input: {} })).rejects.toEqual(refusal('amendment_invalid'))
    await expect(decide(ALICE, review, 'amend', { input: {} })).rejects.toEqual(refusal('invalid_input'))
  })
})

describe('an approval of several', () => {
  const steps = ['a', 'b', 'c', 'd'].map((id, at, all) => ({ ...write(id), after: at === 0 ? [] : [all[at - 1]] }))

  it('covers as many similar actions as it names', async () => {
    const runId = await server.run([steps])
    await decide(ALICE, await waiting(runId), 'approve', { batch: 2 })
    await server.until(runId, ({ actions }) => actions[3]?.state === 'awaiting_review')
    expect(performed()).toEqual(['a', 'b', 'c'])
    const verdicts = (await server.journal.readRun(runId)).filter(({ header }) => header.kind === 'action.verified')
    const relied = verdicts.flatMap(({ payload }) =>
      'reviewId' in payload && payload.reviewId ? payload.reviewId : [],
    )
    expect(new Set(relied).size).toBe(1)
    expect(relied).toHaveLength(3)
  })

  it('is as large as the law lets it be', async () => {
    const review = await waiting(await server.run([steps]))
    await expect(decide(ALICE, review, 'approve', { batch: 4 })).rejects.toEqual(refusal('batch_too_large'))
  })
})

describe('a final output', () => {
  const concluding = () =>
    server.run([[{ id: 'a', skill: 'test.read', input: {} }]], { input: { outputs: { verdict: 'review', text: 'x' } } })

  it('waits for people, and is handed over when they allow it', async () => {
    const runId = await concluding()
    const review = await waiting(runId)
    expect(review).toMatchObject({ cause: 'output', skill: 'run.output', input: { outputs: { text: 'x' } } })
    await expect(decide(ALICE, review, 'amend', { input: {} })).rejects.toEqual(refusal('amendment_invalid'))
    await decide(ALICE, review, 'approve')
    const run = await server.reaches(runId, 'success')
    expect(run.outputs).toEqual({ verdict: 'review', text: 'x' })
    const validated = (await server.journal.readRun(runId)).find(({ header }) => header.kind === 'run.validated')
    expect(validated?.payload).toMatchObject({ reviewId: review.reviewId, result: { verdict: 'allow' } })
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
  })

  it('is not handed over when they deny it, or nobody decides', async () => {
    const denied = await concluding()
    await decide(ALICE, await waiting(denied), 'deny')
    expect((await server.reaches(denied, 'fail')).error).toMatchObject({ code: 'output_denied' })
    const expired = await concluding()
    await waiting(expired)
    await server.stop()
    now += 25 * 60 * MINUTE
    server = await start()
    expect((await server.reaches(expired, 'fail')).error).toMatchObject({ code: 'review_expired' })
  })
})

describe('time', () => {
  it('ends a review that nobody decides', async () => {
    const runId = await server.run([[write('a')]])
    const review = await waiting(runId)
    now += 61 * MINUTE
    await expect(decide(ALICE, review, 'approve')).rejects.toEqual(refusal('review_expired'))
    await server.stop()
    server = await start()
    const run = await server.reaches(runId, 'success')
    expect(run.actions[0]).toMatchObject({ state: 'denied', error: { code: 'review_expired' } })
    expect(performed()).toEqual([])
  })

  it('ends an approval that was not used: people are asked again', async () => {
    await server.stop()
    server = await start(noRoom)
    const runId = await server.run([[write('a')]])
    const review = await waiting(runId)
    await decide(ALICE, review, 'approve')
    server.crash()
    now += 31 * MINUTE
    server = await start()
    await server.until(runId, ({ actions }) => actions[0]?.state === 'awaiting_review')
    const again = await waiting(runId)
    expect(again.reviewId).not.toBe(review.reviewId)
    expect(performed()).toEqual([])
    await decide(BOB, again, 'approve')
    await server.reaches(runId, 'success')
  })
})

it('an approval outlives the server that took it', async () => {
  await server.stop()
  server = await start(noRoom)
  const runId = await server.run([[write('a')]])
  await decide(ALICE, await waiting(runId), 'approve')
  server.crash()
  server = await start()
  await server.reaches(runId, 'success')
  expect(performed()).toEqual(['a'])
})
