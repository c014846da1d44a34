import { randomUUID } from 'node:crypto'
import { AzoraError, clockOf, toAzoraError } from '@azora/base'
import type { JsonObject, ReviewDecision, ReviewView } from '@azora/contracts'
import type { ReviewQuery } from '@azora/orchestrator'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { orchestratorForSome } from '../../apps/server/some-runs.ts'
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
  const review = (await server.orchestrator.reviews(OWNER)).items.find((candidate) => candidate.runId === runId)
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

describe('the list of what waits', () => {
  const textOf = ({ input }: ReviewView): unknown => input.text
  const listed = async (query: ReviewQuery = {}): Promise<unknown[]> =>
    (await server.orchestrator.reviews(OWNER, query)).items.map(textOf)
  /** Of every page, what is on it. */
  async function pages(query: ReviewQuery): Promise<unknown[][]> {
    const all: unknown[][] = []
    for (let cursor: string | undefined; ; ) {
      const { items, next } = await server.orchestrator.reviews(OWNER, { ...query, cursor })
      all.push(items.map(textOf))
      if (next === undefined) return all
      cursor = next
    }
  }
  async function asked(...ids: string[]): Promise<ReviewView[]> {
    const reviews: ReviewView[] = []
    for (const id of ids) reviews.push(await waiting(await server.run([[write(id)]])))
    return reviews
  }

  it('comes in pages, the newest first or the oldest', async () => {
    await asked('a', 'b', 'c', 'd')
    expect(await listed()).toEqual(['d', 'c', 'b', 'a'])
    expect(await pages({ limit: 3 })).toEqual([['d', 'c', 'b'], ['a']])
    expect(await pages({ limit: 2, order: 'oldest' })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  it('goes on behind a page also when what ended it is decided meanwhile', async () => {
    const [, b] = await asked('a', 'b', 'c')
    const { next } = await server.orchestrator.reviews(OWNER, { limit: 2 })
    await decide(ALICE, b as ReviewView, 'approve')
    await server.reaches((b as ReviewView).runId, 'success')
    expect(await listed({ cursor: next })).toEqual(['a'])
  })

  it('tells of an agent, of a run, and of a time', async () => {
    const [a, b, c] = (await asked('a', 'b', 'c')) as [ReviewView, ReviewView, ReviewView]
    expect(await listed({ runId: b.runId })).toEqual(['b'])
    expect(await listed({ agentId: 'scripted' })).toEqual(['c', 'b', 'a'])
    expect(await listed({ agentId: 'another' })).toEqual([])
    expect(await listed({ since: isoNow() })).toEqual(['c', 'b', 'a'])
    expect(await listed({ until: a.requestedAt })).toEqual([])
    now += MINUTE
    const [d] = await asked('d')
    expect(await listed({ since: d?.requestedAt })).toEqual(['d'])
    expect(await listed({ until: d?.requestedAt, since: c.requestedAt })).toEqual(['c', 'b', 'a'])
  })

  it('fills its pages with what waits, whatever is decided in runs that wait for something else', async () => {
    await asked('before')
    const runId = await server.run([[write('a', { quorum: 2 }), write('b'), write('c', { quorum: 2 })]])
    await server.until(runId, ({ actions }) => actions.filter(({ state }) => state === 'awaiting_review').length === 3)
    const { items } = await server.orchestrator.reviews(OWNER, { runId })
    for (const review of items.filter((one) => textOf(one) !== 'b'))
      for (const who of [ALICE, BOB]) await decide(who, review, 'approve')
    expect(await pages({ limit: 1 })).toEqual([['b'], ['before']])
    const settled = items.find((one) => textOf(one) === 'a') as ReviewView
    await expect(server.orchestrator.review(OWNER, settled.reviewId)).rejects.toMatchObject({
      code: 'review_not_found',
      remedy: `Look at the run: azora run show ${settled.runId}`,
    })
    await expect(decide(ALICE, settled, 'approve')).rejects.toEqual(refusal('review_decided'))
  })

  it('leaves out what ended because nobody decided, also while its run is paused', async () => {
    const [{ runId }] = (await asked('a')) as [ReviewView]
    await server.orchestrator.pause(OWNER, runId)
    expect(await listed()).toEqual(['a'])
    now += 24 * 60 * MINUTE
    expect(await listed()).toEqual([])
  })

  it.each<[string, string]>([
    ['was asked for before there was the list', 'update orchestrator.run set reviews_unlisted = true'],
    ['is in a list that is made anew from the journal', 'truncate orchestrator.run, orchestrator.cursor'],
  ])('holds what %s', async (_what, before) => {
    const [a] = (await asked('a', 'b')) as [ReviewView]
    await server.orchestrator.pause(OWNER, a.runId)
    await server.stop()
    const db = database.connect()
    await db.query('delete from orchestrator.review', [])
    await db.query(before, [])
    server = await start()
    expect(await listed()).toEqual(['b', 'a'])
    expect(await server.orchestrator.review(OWNER, a.reviewId)).toMatchObject({ runId: a.runId, paused: true })
    await decide(ALICE, a, 'approve')
    expect(await listed({ order: 'oldest' })).toEqual(['b'])
    await server.orchestrator.resume(OWNER, a.runId)
    await server.reaches(a.runId, 'success')
  })

  it('is one of a tenant', async () => {
    const [a] = (await asked('a')) as [ReviewView]
    const stranger = { id: 'user:stranger', tenant: 'other' }
    expect(await server.orchestrator.reviews(stranger)).toEqual({ items: [] })
    await expect(server.orchestrator.review(stranger, a.reviewId)).rejects.toEqual(refusal('review_not_found'))
  })

  it('is not told apart from one that is unknown, waiting or not, by who may see nothing of its run', async () => {
    const [open, over] = (await asked('a', 'b')) as [ReviewView, ReviewView]
    await decide(ALICE, over, 'approve')
    await server.reaches(over.runId, 'success')
    const may = ['run.read', 'review.read', 'review.decide'] as const
    const custom = [{ name: 'custom:other' as const, says: 'others', may: [...may], agents: ['other'] }]
    const limited = { id: 'user:limited', tenant: OWNER.tenant, roles: ['custom:other' as const], custom, keys: [] }
    const some = orchestratorForSome(server.orchestrator)
    const told = async (reviewId: string): Promise<unknown> => {
      const refused = some.review(limited, reviewId).then(() => new AzoraError('bug', 'not_refused', ''), toAzoraError)
      const { code, message, remedy } = await refused
      return [code, message.replace(reviewId, ''), remedy]
    }
    const unknown = await told(randomUUID())
    expect(unknown).toMatchObject(['review_not_found', 'no review  waits', expect.any(String)])
    expect([await told(open.reviewId), await told(over.reviewId)]).toEqual([unknown, unknown])
  })
})
