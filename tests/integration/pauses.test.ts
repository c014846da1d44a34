import { clockOf } from '@azora/base'
import {
  AdmissionLimits,
  type EntryKind,
  type JsonObject,
  type ReviewDecision,
  type ReviewView,
} from '@azora/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsOf, putOnRecord, reportOn } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { type DecisionChange, decisionOf, type Person, person } from '../support/people.ts'
import { AGENTS, OWN_AGENTS } from '../support/scripted.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, SCRIPTED, type World } from '../support/world.ts'

const ALICE = person('user:alice')
const BOB = person('user:bob')
const MINUTE = 60_000

let postgres: TestPostgres
let database: TestDatabase
let world: World
let server: Server
let now: number
/** The agent says nothing until this resolves. */
let mayAnswer: Promise<void>
/** The node says nothing of an action before this resolves. */
let mayEnd: Promise<void>
const signer = newSigner()
const host = {
  ...AGENTS,
  async reason(...asked: Parameters<typeof AGENTS.reason>) {
    await mayAnswer
    return AGENTS.reason(...asked)
  },
}
const start = async (): Promise<void> => {
  const agents = { manifests: [SCRIPTED], host, own: OWN_AGENTS }
  server = await startServer({ db: database.connect(), world, signer, clock: clockOf(() => now), agents })
}

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  now = Date.now()
  mayAnswer = Promise.resolve()
  mayEnd = Promise.resolve()
  database = await postgres.createDatabase()
  const { perform, ...seen } = createWorld()
  world = {
    ...seen,
    async perform(...asked) {
      const result = await perform(...asked)
      await mayEnd
      return result
    },
  }
  await start()
  await putOnRecord(server.journal, ALICE, BOB)
})
afterEach(async () => {
  const replayed = await server.replayer.replayRecorded(OWNER, {})
  expect(replayed.runs.filter(({ outcome }) => outcome !== 'incomplete')).toEqual([])
  await server.stop()
  await database.close()
})

const asks = (id: string, input: JsonObject = {}) => ({
  id,
  skill: 'test.write',
  input: { verdict: 'review', text: id, ...input },
})
const book = (id: string, undo = 'well') => ({ id, skill: 'test.book', input: { text: id, undo } })
const pause = (runId: string) => server.orchestrator.pause(OWNER, runId)
const resume = async (runId: string) => (await server.orchestrator.resume(OWNER, runId)).state
const stateOf = async (runId: string) => (await server.orchestrator.show(OWNER, runId)).state
const performed = (): unknown[] => world.requests.map(({ action }) => action.input.text)
const reviewsOf = async (runId: string): Promise<ReviewView[]> =>
  (await server.orchestrator.reviews(OWNER)).items.filter((review) => review.runId === runId)
async function reviewOf(runId: string, stepId?: string): Promise<ReviewView> {
  const review = (await reviewsOf(runId)).find((one) => stepId === undefined || one.stepId === stepId)
  if (!review) throw new RangeError('nobody is asked')
  return review
}
const decide = (who: Person, review: ReviewView, decision: ReviewDecision, change: DecisionChange = {}) =>
  server.orchestrator.decide(
    who,
    review.reviewId,
    decisionOf(who, review, decision, { at: new Date(now).toISOString(), ...change }),
  )
const kindsOf = async (runId: string): Promise<EntryKind[]> =>
  (await server.journal.readRun(runId)).map(({ header }) => header.kind)
/** What waits for it waits until the second is called. */
function gate(): [Promise<void>, () => void] {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return [opened, open]
}
/** Lets the engine look at the run as often as it likes. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 60))
/** Nothing comes after the pause on record but what people and clocks said. */
async function staysPaused(runId: string, said: EntryKind[] = []): Promise<void> {
  await settle()
  const kinds = await kindsOf(runId)
  expect(kinds.slice(kinds.lastIndexOf('run.paused') + 1)).toEqual(said)
  expect(await stateOf(runId)).toBe('paused')
}
async function paused(steps: object[], change: Parameters<Server['run']>[1] = {}): Promise<string> {
  const runId = await server.run([steps], change)
  await server.reaches(runId, 'awaiting_review')
  await pause(runId)
  return runId
}

describe('a run that is paused while people have to decide', () => {
  it('keeps their review, which waits for them again when it is resumed', async () => {
    const runId = await server.run([[asks('a')]])
    await server.reaches(runId, 'awaiting_review')
    const review = await reviewOf(runId)
    expect(review).not.toHaveProperty('paused')
    await pause(runId)
    expect(await reviewOf(runId)).toEqual({ ...review, paused: true })
    expect((await server.orchestrator.list(OWNER, { state: 'paused', limit: 9 })).items).toMatchObject([{ id: runId }])
    await staysPaused(runId)
    expect(await resume(runId)).toBe('awaiting_review')
    expect(await reviewOf(runId)).toEqual(review)
    expect((await decide(ALICE, review, 'approve')).state).toBe('running')
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a'])
    expect((await kindsOf(runId)).filter((kind) => kind === 'review.requested')).toHaveLength(1)
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
  })

  it.each([
    ['approve', { a: 'succeeded' }, ['a']],
    ['deny', { a: 'denied' }, []],
  ] as const)('holds that they %s until it is resumed, also past a crash', async (decision, states, acts) => {
    const runId = await paused([asks('a')])
    expect((await decide(ALICE, await reviewOf(runId), decision)).state).toBe('paused')
    expect(await reviewsOf(runId)).toEqual([])
    await staysPaused(runId, ['review.decided'])
    server.crash()
    await start()
    await staysPaused(runId, ['review.decided'])
    expect(performed()).toEqual([])
    expect(await resume(runId)).toBe('running')
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual(states)
    expect(performed()).toEqual(acts)
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
  })

  it('goes on behind the last of several decisions, whenever each of them was made', async () => {
    const runId = await paused([asks('a'), asks('b', { quorum: 2 })])
    await decide(ALICE, await reviewOf(runId, 'a'), 'approve')
    await decide(ALICE, await reviewOf(runId, 'b'), 'approve')
    expect(await resume(runId)).toBe('awaiting_review')
    expect(await reviewsOf(runId)).toMatchObject([{ stepId: 'b', approvedBy: ['user:alice'] }])
    await settle()
    expect(performed()).toEqual([])
    await pause(runId)
    await decide(BOB, await reviewOf(runId), 'approve')
    expect(await resume(runId)).toBe('running')
    await server.reaches(runId, 'success')
    expect(performed().toSorted()).toEqual(['a', 'b'])
  })

  it('takes other arguments, which are judged when it is resumed', async () => {
    const runId = await paused([asks('a')])
    await decide(ALICE, await reviewOf(runId), 'amend', { input: { text: 'other' } })
    await staysPaused(runId, ['review.decided'])
    await resume(runId)
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['other'])
  })

  it('hands its output over when that was allowed meanwhile', async () => {
    const runId = await paused([], { input: { plans: [], outputs: { verdict: 'review' } } })
    await decide(ALICE, await reviewOf(runId), 'approve')
    await staysPaused(runId, ['review.decided'])
    await resume(runId)
    await server.reaches(runId, 'success')
  })
})

describe('in a pause times go on: a run that waits for people', () => {
  it('asks nobody any more after their time, and ends the review when it is resumed', async () => {
    const runId = await paused([asks('a')])
    const review = await reviewOf(runId)
    now += 61 * MINUTE
    expect(await reviewsOf(runId)).toEqual([])
    await expect(decide(ALICE, review, 'approve')).rejects.toMatchObject({ code: 'review_expired' })
    await staysPaused(runId)
    expect(await resume(runId)).toBe('awaiting_review')
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual({ a: 'denied' })
    expect(performed()).toEqual([])
  })

  it('asks again when it is resumed after the time in which an approval can be used', async () => {
    const runId = await paused([asks('a')])
    const { reviewId } = await reviewOf(runId)
    await decide(ALICE, await reviewOf(runId), 'approve')
    now += 31 * MINUTE
    await resume(runId)
    await server.reaches(runId, 'awaiting_review')
    const again = await reviewOf(runId)
    expect(again.reviewId).not.toBe(reviewId)
    await decide(ALICE, again, 'approve')
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a'])
  })

  it('can be cancelled, and fails at its deadline', async () => {
    const deadline = new Date(now + 10 * MINUTE).toISOString()
    const [gone, late] = [await paused([asks('a')]), await paused([asks('b')], { deadline })]
    await server.orchestrator.cancel(OWNER, gone)
    await server.reaches(gone, 'cancelled')
    now += 11 * MINUTE
    server.crash()
    await start()
    expect(await server.reaches(late, 'fail')).toMatchObject({ error: { code: 'deadline_exceeded' } })
    expect(performed()).toEqual([])
  })

  it('asks about what was under way when it was paused', async () => {
    const [ends, end] = gate()
    mayEnd = ends
    const runId = await server.run([[{ id: 'a', skill: 'test.pay', input: { text: 'a', how: 'lose' } }]])
    await server.until(runId, ({ actions }) => actions[0]?.state === 'started')
    await pause(runId)
    end()
    await staysPaused(runId)
    await resume(runId)
    await server.reaches(runId, 'awaiting_review')
    expect(await reviewOf(runId)).toMatchObject({ cause: 'outcome_unknown' })
    await decide(ALICE, await reviewOf(runId), 'deny')
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual({ a: 'failed' })
  })
})

describe('a run can be paused, and goes on', () => {
  it('before it starts, at a time or after another one', async () => {
    const first = await server.run([[{ id: 'w', skill: 'wait.signal', input: { name: 'go' } }]])
    const waiting = await server.run([[asks('a', { verdict: 'allow' })]], { after: [{ run: first, when: 'ended' }] })
    const early = await server.run([[asks('b', { verdict: 'allow' })]], {
      startAt: new Date(now + 10 * MINUTE).toISOString(),
    })
    for (const runId of [waiting, early]) await pause(runId)
    await server.orchestrator.signal(OWNER, first, { name: 'go', data: null })
    await server.reaches(first, 'success')
    now += 11 * MINUTE
    server.crash()
    await start()
    await staysPaused(early)
    await staysPaused(waiting, ['dependencies.settled'])
    for (const runId of [waiting, early]) expect(await resume(runId)).toBe('scheduled')
    for (const runId of [waiting, early]) await server.reaches(runId, 'success')
  })

  it('while it waits for its turn, which it loses', async () => {
    const limits = AdmissionLimits.parse({ everyTenant: { concurrency: 1 } })
    await server.orchestrator.setLimits(OWNER, { limits })
    const [answered, answer] = gate()
    mayAnswer = answered
    const first = await server.run([])
    await server.reaches(first, 'running')
    const [held, next] = [await server.run([]), await server.run([])]
    expect([await stateOf(held), await stateOf(next)]).toEqual(['scheduled', 'scheduled'])
    await pause(held)
    answer()
    for (const runId of [first, next]) await server.reaches(runId, 'success')
    await staysPaused(held)
    expect(await resume(held)).toBe('scheduled')
    await server.reaches(held, 'success')
  })

  it('before its time has come, which it still waits for then', async () => {
    const runId = await server.run([[asks('a', { verdict: 'allow' })]], {
      startAt: new Date(now + 10 * MINUTE).toISOString(),
    })
    await pause(runId)
    expect(await resume(runId)).toBe('scheduled')
    await settle()
    expect(await stateOf(runId)).toBe('scheduled')
  })

  it('while it waits for a time, which passes meanwhile', async () => {
    const runId = await server.run([[{ id: 'w', skill: 'wait.timer', input: { ms: 10 * MINUTE } }]])
    await server.until(runId, ({ actions }) => actions[0]?.state === 'waiting')
    await pause(runId)
    now += 11 * MINUTE
    server.crash()
    await start()
    await staysPaused(runId)
    await resume(runId)
    await server.reaches(runId, 'success')
  })

  it('while it waits for its next attempt, which is made then', async () => {
    const retry = { attempts: 3, firstMs: 10 * MINUTE, maxMs: 10 * MINUTE, retryable: ['busy'] }
    const step = { id: 'a', skill: 'test.write', input: { how: 'busy', times: 1, text: 'a' }, retry }
    const runId = await server.run([[step]])
    await server.until(runId, ({ actions }) => actions[0]?.state === 'retrying')
    await pause(runId)
    now += 11 * MINUTE
    server.crash()
    await start()
    await staysPaused(runId)
    expect(performed()).toEqual(['a'])
    await resume(runId)
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a', 'a'])
  })

  it('while an action is performed, whose outcome counts', async () => {
    const [ends, end] = gate()
    mayEnd = ends
    const runId = await server.run([[asks('a', { verdict: 'allow' }), asks('b')]])
    await server.until(runId, ({ actions, state }) => actions[0]?.state === 'started' && state === 'awaiting_review')
    await pause(runId)
    end()
    await staysPaused(runId, ['action.finished'])
    await decide(ALICE, await reviewOf(runId), 'approve')
    expect(await resume(runId)).toBe('running')
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a', 'b'])
  })

  it('while its agent thinks: its answer is kept, and what goes wrong goes wrong when it goes on', async () => {
    const [answered, answer] = gate()
    mayAnswer = answered
    const good = await server.run([[asks('a', { verdict: 'allow' })]])
    const bad = await server.run([], { input: { broken: true } })
    for (const runId of [good, bad]) {
      await expect.poll(() => kindsOf(runId)).toContain('agent.recognized')
      await pause(runId)
    }
    answer()
    await staysPaused(good, ['plan.proposed'])
    await staysPaused(bad)
    for (const runId of [good, bad]) await resume(runId)
    await server.reaches(good, 'success')
    expect(await server.reaches(bad, 'fail')).toMatchObject({ error: { code: 'agent_failed' } })
  })
})

describe('a run that is undone can be paused, and goes on', () => {
  it('while people have to decide what becomes of that', async () => {
    const runId = await server.run([[book('a')], [book('b', 'fail')]], { input: { goal: 'missed' } })
    await server.reaches(runId, 'awaiting_review')
    await pause(runId)
    await decide(ALICE, await reviewOf(runId), 'deny')
    await staysPaused(runId, ['review.decided'])
    expect(await resume(runId)).toBe('running')
    const run = await server.reaches(runId, 'fail')
    expect(run).toMatchObject({ error: { code: 'goal_missed' } })
    expect(statesOf(run)).toMatchObject({ 'undo-1': 'failed', 'undo-2': 'succeeded' })
  })

  it('between what is undone', async () => {
    const runId = await server.run([[book('a')], [book('b')], [asks('c')]], { input: { goal: 'missed' } })
    await server.reaches(runId, 'awaiting_review')
    const [ends, end] = gate()
    mayEnd = ends
    await decide(ALICE, await reviewOf(runId), 'deny')
    await server.until(runId, ({ actions }) => actions.some((a) => a.stepId === 'undo-1' && a.state === 'started'))
    await pause(runId)
    end()
    await staysPaused(runId, ['action.finished'])
    expect(statesOf(await server.orchestrator.show(OWNER, runId))).toMatchObject({ 'undo-2': 'proposed' })
    expect(await resume(runId)).toBe('running')
    expect(statesOf(await server.reaches(runId, 'fail'))).toMatchObject({
      'undo-1': 'succeeded',
      'undo-2': 'succeeded',
    })
  })
})
