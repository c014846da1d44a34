import { fileURLToPath } from 'node:url'
import { silentLog } from '@azora/base'
import { Plan, type ReviewView } from '@azora/contracts'
import { openLaw } from '@azora/law'
import { createReceiptVerifier, parseVerifier, type Verifier } from '@azora/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { flawsOf, putOnRecord, reportOn } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, type World, WRITE } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let world: World
let server: Server
const signer = newSigner()

const restart = async (): Promise<void> => {
  server = await startServer({ db: database.connect(), world, signer })
}

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  world = createWorld()
  await restart()
  await putOnRecord(server.journal, ALICE)
})
afterEach(async () => {
  const replayed = await server.replayer.replayRecorded(OWNER, {})
  expect(replayed.runs.filter(({ outcome }) => outcome !== 'incomplete')).toEqual([])
  await server.stop()
  await database.close()
})

const read = (id: string, change: object = {}) => ({ id, skill: 'test.read', ...change })
const write = (id: string, change: object = {}) => ({ id, skill: 'test.write', ...change })
const pay = (id: string, change: object = {}) => ({ id, skill: 'test.pay', ...change })
const performed = (): string[] => world.requests.map(({ action }) => action.stepId)
const kindsOf = async (runId: string): Promise<string[]> =>
  (await server.journal.readRun(runId)).map(({ header }) => header.kind)
const soleReview = async (): Promise<ReviewView> => {
  const reviews = (await server.orchestrator.reviews(OWNER)).items
  expect(reviews).toHaveLength(1)
  return reviews[0] as ReviewView
}
const ALICE = person('user:alice')
const decide = ({ reviewId, actionDigest }: ReviewView, decision: 'approve' | 'deny') =>
  server.orchestrator.decide(ALICE, reviewId, decisionOf(ALICE, { reviewId, actionDigest }, decision))

describe('a run', () => {
  it('goes from scheduled to success, and its evidence verifies', async () => {
    const runId = await server.run([[read('look')], [write('change', { input: { text: 'x' } })]])
    const run = await server.reaches(runId, 'success')
    expect(statesOf(run)).toEqual({ look: 'succeeded', change: 'succeeded' })
    expect(run.outputs).toMatchObject([{ stepId: 'look' }, { stepId: 'change', output: { text: 'x' } }])
    expect(run.verificationProof).toMatchObject({ shard: 'azora/test' })
    expect(await kindsOf(runId)).toEqual([
      'run.scheduled',
      'run.started',
      'agent.recognized',
      'plan.proposed',
      'action.verified',
      'action.finished',
      'plan.proposed',
      'action.verified',
      'action.started',
      'action.finished',
      'agent.concluded',
      'run.validated',
      'run.succeeded',
    ])
    expect(flawsOf(await reportOn(server, runId, signer.verifier.text))).toEqual([])
  })

  it('hands each node the receipt of the verdict on exactly its action', async () => {
    await server.reaches(await server.run([[read('look'), write('change')]]), 'success')
    const check = createReceiptVerifier(parseVerifier(server.journal.status().key) as Verifier)
    expect(world.requests).toHaveLength(2)
    for (const { receipt, action } of world.requests) {
      expect(receipt && check(receipt)).toBeUndefined()
      expect(receipt?.entry).toMatchObject({ header: { kind: 'action.verified' }, payload: { action } })
    }
  })

  it('is told what was denied, and nothing is performed', async () => {
    const runId = await server.run([[write('bad', { input: { verdict: 'deny' } })]])
    const run = await server.reaches(runId, 'success')
    expect(run.outputs).toMatchObject([
      { stepId: 'bad', state: 'denied', error: { code: 'denied', message: 'Article 1: the test says deny' } },
    ])
    expect(run.actions).toMatchObject([{ verdict: 'deny', score: 50, state: 'denied' }])
    expect(world.requests).toEqual([])
  })

  it('performs independent steps side by side, and dependent ones after them, also after a failure', async () => {
    const runId = await server.run([
      [read('a', { input: { how: 'fail' } }), read('b'), read('c', { after: ['a', 'b'] }), read('d', { after: ['c'] })],
    ])
    const run = await server.reaches(runId, 'success')
    expect(statesOf(run)).toEqual({ a: 'failed', b: 'succeeded', c: 'succeeded', d: 'succeeded' })
    expect(performed().slice(2)).toEqual(['c', 'd'])
    const kinds = await kindsOf(runId)
    expect(kinds.indexOf('action.finished')).toBeGreaterThan(kinds.indexOf('action.verified') + 1)
  })

  it('binds inputs to outputs of the same plan and of earlier ones', async () => {
    const bound = { input: { text: { $step: 'a', $pointer: '/text' } } }
    const runId = await server.run([[read('b', bound), read('a', { input: { text: 'hello' } })], [read('c', bound)]])
    const run = await server.reaches(runId, 'success')
    expect(run.outputs).toMatchObject([
      { stepId: 'b', output: { text: 'hello' } },
      { stepId: 'a', output: { text: 'hello' } },
      { stepId: 'c', output: { text: 'hello' } },
    ])
  })

  it('is told about steps that are no actions', async () => {
    const runId = await server.run([
      [
        { id: 'unknown', skill: 'test.unknown' },
        { id: 'strict', skill: 'test.strict', input: { path: 7 } },
        read('unbound', { input: { text: { $step: 'nowhere' } } }),
      ],
    ])
    const run = await server.reaches(runId, 'success')
    expect(statesOf(run)).toEqual({ unknown: 'invalid', strict: 'invalid', unbound: 'invalid' })
    expect(run.actions.map(({ error }) => error?.code)).toEqual(['skill_not_found', 'invalid_input', 'binding_failed'])
    expect(run.actions[1]?.error?.message).toContain('/path must be string')
  })

  it('goes the same way under the real constitution', async () => {
    const folder = fileURLToPath(new URL('../../constitution', import.meta.url))
    const gate = await openLaw({ folder, log: silentLog })
    await server.stop()
    server = await startServer({ db: database.connect(), world, signer, gate })
    const runId = await server.run([[read('look'), write('leak', { input: { text: `ghp_${'a1B2'.repeat(9)}` } })]])
    const run = await server.until(runId, ({ actions }) => actions.filter(({ verdict }) => verdict).length === 2)
    expect(run.actions[0]).toMatchObject({ verdict: 'allow' })
    expect(run.actions[1]?.verdict).not.toBe('allow')
    expect(performed()).not.toContain('leak')
  })
})

describe('a run fails', () => {
  it.each([
    ['a circle', [[read('a', { after: ['b'] }), read('b', { after: ['a'] })]], 'plan_invalid'],
    ['a step that is used twice', [[read('a')], [read('a')]], 'plan_invalid'],
    ['more actions than its budget', [Array.from({ length: 51 }, (_, at) => read(`s${at}`))], 'actions_exceeded'],
  ])('when it proposes %s', async (_, plans, code) => {
    const run = await server.reaches(await server.run(plans), 'fail')
    expect(run.error?.code).toBe(code)
    expect(performed().filter((id) => id.startsWith('s'))).toEqual([])
  })

  it('when its turns are used up', async () => {
    const runId = await server.run([[read('a')], [read('b')]], { budget: { actions: 5, turns: 2 } })
    expect((await server.reaches(runId, 'fail')).error?.code).toBe('turns_exceeded')
    expect(performed()).toEqual(['a', 'b'])
  })

  it('when its agent is broken or misses the goal', async () => {
    const broken = await server.run([], { input: { broken: true } })
    expect((await server.reaches(broken, 'fail')).error).toEqual({
      code: 'agent_failed',
      message: 'the agent is broken',
    })
    const missed = await server.run([], { input: { goal: 'missed' } })
    expect((await server.reaches(missed, 'fail')).error?.code).toBe('goal_missed')
    expect(await kindsOf(missed)).toContain('run.validated')
  })

  it('when the constitution denies its output', async () => {
    const run = await server.reaches(await server.run([], { input: { outputs: { verdict: 'deny' } } }), 'fail')
    expect(run.error).toMatchObject({ code: 'output_denied', message: expect.stringContaining('the test says deny') })
  })

  it('at its deadline: while an action goes on, and while it waits', async () => {
    const deadline = new Date(Date.now() + 1_000).toISOString()
    const busy = await server.run([[write('a', { input: { how: 'hang' } })]], { deadline })
    const waiting = await server.run([[write('b', { input: { verdict: 'review' } })]], { deadline })
    const runs = await Promise.all([server.reaches(busy, 'fail'), server.reaches(waiting, 'fail')])
    for (const run of runs) expect(run.error?.code).toBe('deadline_exceeded')
    expect(statesOf(runs[0])).toEqual({ a: 'cancelled' })
  })
})

describe('people', () => {
  it('pause and resume a run', async () => {
    const plans = Array.from({ length: 9 }, (_, at) => [read(`s${at}`)])
    const busy = await server.run(plans)
    const { state } = await server.orchestrator.pause(OWNER, busy, 'a look')
    expect(state).toBe('paused')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const paused = await server.orchestrator.show(OWNER, busy)
    expect(paused.state).toBe('paused')
    expect((await server.orchestrator.pause(OWNER, busy)).state).toBe('paused')
    await server.orchestrator.resume(OWNER, busy)
    expect(Object.keys(statesOf(await server.reaches(busy, 'success')))).toHaveLength(9)
    await expect(server.orchestrator.resume(OWNER, busy)).rejects.toMatchObject({ code: 'illegal_transition' })
  })

  it('pause and cancel while an action waits for a node, and it never begins', async () => {
    let makeRoom = (): void => {}
    const room = new Promise<void>((resolve) => {
      makeRoom = resolve
    })
    const aborted = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve))
    await server.stop()
    const ready = async (signal: AbortSignal): Promise<void> => void (await Promise.race([room, aborted(signal)]))
    server = await startServer({ db: database.connect(), world, signer, ready })
    const runIds = [await server.run([[write('a')]]), await server.run([[write('b')]])] as const
    for (const runId of runIds) await server.until(runId, ({ actions }) => actions.length === 1)
    await server.orchestrator.pause(OWNER, runIds[0])
    await server.orchestrator.cancel(OWNER, runIds[1])
    await server.reaches(runIds[1], 'cancelled')
    makeRoom()
    const last = await server.run([[write('c')]])
    await server.reaches(last, 'success')
    expect(performed()).toEqual(['c'])
    for (const runId of runIds) expect(await kindsOf(runId)).not.toContain('action.verified')
    await server.orchestrator.resume(OWNER, runIds[0])
    await server.reaches(runIds[0], 'success')
    expect(performed()).toEqual(['c', 'a'])
  })

  it('cancel a run while an action is in flight', async () => {
    const runId = await server.run([[write('a', { input: { how: 'hang' } })], [write('b')]])
    await server.until(runId, ({ actions }) => actions[0]?.state === 'started')
    const cancels = [server.orchestrator.cancel(OWNER, runId, 'enough'), server.orchestrator.cancel(OWNER, runId)]
    // The second is refused where it comes when the run has ended.
    await Promise.any(cancels)
    await Promise.allSettled(cancels)
    const run = await server.reaches(runId, 'cancelled')
    expect(statesOf(run)).toEqual({ a: 'cancelled' })
    expect(run.cancel).toMatchObject({ by: OWNER.id, at: expect.any(String) })
    expect((await kindsOf(runId)).filter((kind) => kind === 'run.cancel_requested')).toHaveLength(1)
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
    await expect(server.orchestrator.cancel(OWNER, runId)).rejects.toMatchObject({ code: 'illegal_transition' })
  })

  it('cancel a run that is paused or waits for them', async () => {
    const asks = async () => {
      const run = await server.run([[write('a', { input: { verdict: 'review' } })]])
      await server.reaches(run, 'awaiting_review')
      return run
    }
    const [waiting, paused] = [await asks(), await asks()]
    await server.orchestrator.pause(OWNER, paused)
    for (const run of [waiting, paused]) {
      await server.orchestrator.cancel(OWNER, run)
      await server.reaches(run, 'cancelled')
    }
  })

  it('of another tenant see nothing', async () => {
    const stranger = { id: 'user:stranger', tenant: 'other' }
    const runId = await server.run([[read('a')]])
    await expect(server.orchestrator.show(stranger, runId)).rejects.toMatchObject({ code: 'run_not_found' })
    await expect(server.orchestrator.cancel(stranger, runId)).rejects.toMatchObject({ code: 'run_not_found' })
    expect((await server.orchestrator.list(stranger, { limit: 10 })).items).toEqual([])
  })
})

describe('in a review, people', () => {
  it('approve exactly the arguments that they saw', async () => {
    const runId = await server.run([[write('a', { input: { verdict: 'review', text: 'this' } })]])
    await server.reaches(runId, 'awaiting_review')
    const review = await soleReview()
    expect(review).toMatchObject({ runId, stepId: 'a', cause: 'verdict', input: { text: 'this' } })
    expect(review.reasons).toMatchObject([{ message: 'the test says review' }])
    const blind = server.orchestrator.decide(
      ALICE,
      review.reviewId,
      decisionOf(ALICE, review, 'approve', { actionDigest: 'b'.repeat(64) }),
    )
    await expect(blind).rejects.toMatchObject({ code: 'review_of_other_arguments' })
    expect(performed()).toEqual([])
    await decide(review, 'approve')
    const run = await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a'])
    expect(run.actions[0]).toMatchObject({ verdict: 'allow', actionDigest: review.actionDigest })
    await expect(decide(review, 'approve')).rejects.toMatchObject({ code: 'review_decided' })
    const verdicts = (await server.journal.readRun(runId)).filter(({ header }) => header.kind === 'action.verified')
    expect(verdicts[1]?.payload).toMatchObject({ reviewId: review.reviewId, result: { verdict: 'allow' } })
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
  })

  it('decide about one that waits behind more than a list holds', async () => {
    const waiting = () => server.run([[write('a', { input: { verdict: 'review' } })]])
    const oldest = await waiting()
    await server.reaches(oldest, 'awaiting_review')
    const review = await soleReview()
    const others = await Promise.all(Array.from({ length: 201 }, waiting))
    await Promise.all(others.map((runId) => server.reaches(runId, 'awaiting_review')))
    const listed = (await server.orchestrator.reviews(OWNER)).items
    expect(listed.map(({ runId }) => runId)).not.toContain(oldest)
    await decide(review, 'approve')
    await server.reaches(oldest, 'success')
    await expect(decide(review, 'approve')).rejects.toMatchObject({ code: 'review_decided' })
  }, 60_000)

  it('deny, and the agent goes on', async () => {
    const runId = await server.run([[write('a', { input: { verdict: 'review' } }), read('b')]])
    await server.reaches(runId, 'awaiting_review')
    await decide(await soleReview(), 'deny')
    const run = await server.reaches(runId, 'success')
    expect(statesOf(run)).toEqual({ a: 'denied', b: 'succeeded' })
    expect(performed()).toEqual(['b'])
  })

  it('are told that they come too late, while the run goes on, when it has ended and where it was never decided', async () => {
    const HANG = { id: 'b', skill: 'test.read', input: { how: 'hang' }, after: ['a'] }
    const going = await server.run([[write('a', { input: { verdict: 'review' } }), HANG]])
    await server.reaches(going, 'awaiting_review')
    const decided = await soleReview()
    await decide(decided, 'approve')
    await server.until(going, ({ actions }) => actions[1]?.state !== 'proposed')
    await expect(decide(decided, 'approve')).rejects.toMatchObject({ code: 'review_decided', advice: 'conflict' })
    const cancelled = await server.run([[write('a', { input: { verdict: 'review' } })]])
    await server.reaches(cancelled, 'awaiting_review')
    const left = await soleReview()
    for (const runId of [going, cancelled]) {
      await server.orchestrator.cancel(OWNER, runId)
      await server.reaches(runId, 'cancelled')
    }
    await expect(decide(left, 'approve')).rejects.toMatchObject({ code: 'run_ended', advice: 'conflict' })
    await expect(decide(decided, 'deny')).rejects.toMatchObject({ code: 'review_decided' })
    const unknown = { ...left, reviewId: '01890000-0000-7000-8000-000000000000' }
    await expect(decide(unknown, 'approve')).rejects.toMatchObject({ code: 'review_not_found' })
    const stranger = { ...person('user:stranger'), tenant: 'other' }
    const request = decisionOf(stranger, left, 'approve')
    await expect(server.orchestrator.decide(stranger, left.reviewId, request)).rejects.toMatchObject({
      code: 'review_not_found',
    })
  })

  it('decide once: of two decisions at one time the later one is told', async () => {
    const runId = await server.run([[write('a', { input: { verdict: 'review' } })]])
    await server.reaches(runId, 'awaiting_review')
    const review = await soleReview()
    const results = await Promise.allSettled([decide(review, 'deny'), decide(review, 'approve')])
    const [told] = results.flatMap((result) => (result.status === 'rejected' ? result.reason : []))
    expect(told.code).toBe('review_decided')
    await server.reaches(runId, 'success')
    const denied = results[0]?.status === 'fulfilled'
    expect(performed()).toEqual(denied ? [] : ['a'])
  })

  it('decide several reviews of one run, which goes on after the last', async () => {
    const input = { verdict: 'review' }
    const runId = await server.run([[write('a', { input }), write('b', { input })]])
    await server.until(
      runId,
      ({ actions }) => actions.length === 2 && actions.every(({ state }) => state === 'awaiting_review'),
    )
    const reviews = (await server.orchestrator.reviews(OWNER, { order: 'oldest' })).items
    expect(reviews.map(({ stepId }) => stepId)).toEqual(['a', 'b'])
    expect((await decide(reviews[0] as ReviewView, 'approve')).state).toBe('awaiting_review')
    expect((await decide(reviews[1] as ReviewView, 'deny')).state).toBe('running')
    expect(statesOf(await server.reaches(runId, 'success'))).toEqual({ a: 'succeeded', b: 'denied' })
  })

  it('decide all reviews of one run at one time, and it goes on', async () => {
    const input = { verdict: 'review' }
    const runId = await server.run([[write('a', { input }), write('b', { input }), write('c', { input })]])
    await server.until(runId, ({ actions }) => actions.filter(({ state }) => state === 'awaiting_review').length === 3)
    const reviews = (await server.orchestrator.reviews(OWNER)).items
    await Promise.all(reviews.map((review) => decide(review, 'approve')))
    await server.reaches(runId, 'success')
    expect(performed().toSorted()).toEqual(['a', 'b', 'c'])
  })
})

describe('a node that goes away', () => {
  it('an idempotent action is performed again under its key', async () => {
    const runId = await server.run([[write('a', { input: { how: 'lose' } })]])
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a', 'a'])
    expect([...world.effects]).toEqual([[`${runId}:a`, 1]])
    const [first, second] = world.requests
    expect(first?.receipt?.entry.header.index).not.toBe(second?.receipt?.entry.header.index)
  })

  it('another one waits for people, who have it done again', async () => {
    const runId = await server.run([[pay('a', { input: { how: 'lose' } })]])
    await server.reaches(runId, 'awaiting_review')
    const review = await soleReview()
    expect(review).toMatchObject({ cause: 'outcome_unknown', skill: 'test.pay' })
    expect(performed()).toEqual(['a'])
    await decide(review, 'approve')
    await server.reaches(runId, 'success')
    expect(performed()).toEqual(['a', 'a'])
  })

  it('another one waits for people, who know better', async () => {
    const runId = await server.run([[pay('a', { input: { how: 'lose' } })]])
    await server.reaches(runId, 'awaiting_review')
    await decide(await soleReview(), 'deny')
    const run = await server.reaches(runId, 'success')
    expect(run.actions).toMatchObject([{ state: 'failed', error: { code: 'outcome_unknown' } }])
    expect(performed()).toEqual(['a'])
  })
})

describe('a single skill', () => {
  const call = (input: object) => ({
    skillId: 'test.write',
    input: input as never,
    scope: { read: [], write: [], hosts: [] },
    priority: 5,
  })

  it('is a run of its own', async () => {
    const { runId, state } = await server.orchestrator.execute(OWNER, call({ text: 'x' }))
    expect(state).toBe('scheduled')
    const run = await server.reaches(runId, 'success')
    expect(run).toMatchObject({ agentId: 'direct', outputs: { skill: { text: 'x' } } })
    expect(world.requests[0]?.action).toMatchObject({ principal: 'user:owner', stepId: 'skill' })
  })

  it('that is denied is a run that failed', async () => {
    const { runId } = await server.orchestrator.execute(OWNER, call({ verdict: 'deny' }))
    const run = await server.reaches(runId, 'fail')
    expect(run.error).toEqual({ code: 'goal_missed', message: 'Article 1: the test says deny' })
  })

  it('is the version that was asked for, also when a newer one is there', async () => {
    await server.registry.register({ skills: [{ ...WRITE, version: '2.0.0' }], agents: [] })
    for (const version of ['1.0.0', undefined]) {
      const { runId } = await server.orchestrator.execute(OWNER, { ...call({}), version })
      await server.reaches(runId, 'success')
    }
    expect(world.requests.map(({ action }) => action.skillVersion)).toEqual(['1.0.0', '2.0.0'])
  })

  it('is done once per idempotency key', async () => {
    const results = await Promise.all(
      Array.from({ length: 5 }, () => server.orchestrator.execute(OWNER, call({ text: 'x' }), 'key-1')),
    )
    expect(new Set(results.map(({ runId }) => runId)).size).toBe(1)
    const other = server.orchestrator.execute(OWNER, call({ text: 'other' }), 'key-1')
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    await server.reaches(results[0]?.runId ?? '', 'success')
    expect(performed()).toEqual(['skill'])
  })

  it('can be judged without doing it', async () => {
    const size = server.journal.status().size
    const verdict = server.orchestrator.verify(OWNER, call({ verdict: 'deny' }))
    expect(verdict).toMatchObject({ verdict: 'deny', actionDigest: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(server.journal.status().size).toBe(size)
    expect(() => server.orchestrator.verify(OWNER, { ...call({}), skillId: 'test.unknown' })).toThrow(
      'there is no skill',
    )
  })

  it('can be retried once it has ended', async () => {
    const { runId } = await server.orchestrator.execute(OWNER, call({ how: 'fail' }))
    await server.reaches(runId, 'fail')
    const again = await server.orchestrator.retry(OWNER, runId)
    expect(await server.reaches(again.runId, 'fail')).toMatchObject({ retryOf: runId })
    const open = await server.orchestrator.execute(OWNER, call({ verdict: 'review' }))
    await expect(server.orchestrator.retry(OWNER, open.runId)).rejects.toMatchObject({ code: 'run_not_ended' })
  })
})

describe('the list of runs', () => {
  it('is newest first, by pages, and filtered', async () => {
    const ids: string[] = []
    for (let at = 0; at < 5; at += 1) {
      ids.unshift(await server.run([]))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    for (const id of ids) await server.reaches(id, 'success')
    const first = await server.orchestrator.list(OWNER, { limit: 3 })
    const second = await server.orchestrator.list(OWNER, { limit: 3, cursor: first.next })
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
    expect(second.next).toBeUndefined()
    expect((await server.orchestrator.list(OWNER, { limit: 9, state: 'fail' })).items).toEqual([])
    expect(await server.orchestrator.counts(OWNER)).toEqual({ success: 5 })
  })

  it.each([
    ['both tables', 'truncate orchestrator.run, orchestrator.cursor'],
    ['the place in the log', 'truncate orchestrator.cursor'],
  ])('is built again from the journal after %s were lost', async (_, sql) => {
    const ended = await server.run([[read('a')]])
    const missed = await server.run([], { input: { goal: 'missed' } })
    const waiting = await server.run([[write('a', { input: { verdict: 'review' } })]])
    await server.reaches(ended, 'success')
    await server.reaches(missed, 'fail')
    await server.reaches(waiting, 'awaiting_review')
    const before = await server.orchestrator.list(OWNER, { limit: 10 })
    await server.stop()
    await database.db.query(sql)
    await restart()
    expect(await server.orchestrator.list(OWNER, { limit: 10 })).toEqual(before)
    await decide(await soleReview(), 'approve')
    await server.reaches(waiting, 'success')
  })
})

describe('a plan without an agent', () => {
  const perform = (steps: object[], more: { actions?: number } = {}, key?: string) =>
    server.orchestrator.performPlan(
      OWNER,
      {
        plan: Plan.parse({ steps }),
        scope: { read: [], write: [], hosts: [] },
        priority: 5,
        budget: { actions: more.actions ?? 10, turns: 10 },
      },
      key,
    )

  it('is proposed, judged as a whole and performed, and those who wait are told its end', async () => {
    const { runId } = await perform([read('look'), write('change', { input: { text: 'x' }, after: ['look'] })])
    const ended = await server.orchestrator.ended(runId, 30_000, true)
    expect(ended).toMatchObject({ runId, state: 'success', outputs: { look: {}, change: {} } })
    expect((await kindsOf(runId)).slice(0, 4)).toEqual([
      'run.scheduled',
      'run.started',
      'plan.proposed',
      'action.verified',
    ])
    expect(performed()).toEqual(['look', 'change'])
    expect(flawsOf(await reportOn(server, runId))).toEqual([])
  })

  it('that the constitution denies performs nothing, and tells why', async () => {
    const { runId } = await perform([read('look', { input: { plan: 'deny' } }), read('again')])
    const ended = await server.orchestrator.ended(runId, 30_000, true)
    expect(ended).toMatchObject({ state: 'fail', error: { message: expect.stringContaining('the test says deny') } })
    expect(performed()).toEqual([])
  })

  it('goes on after a crash where it stood', async () => {
    const { runId } = await perform([read('look'), read('again', { after: ['look'] }), read('more')], {}, 'once')
    server.crash()
    await server.stop()
    await restart()
    expect(await server.orchestrator.ended(runId, 30_000, false)).toMatchObject({ state: 'success' })
    const repeated = await perform([read('look'), read('again', { after: ['look'] }), read('more')], {}, 'once')
    expect(repeated.runId).toBe(runId)
    expect(await server.orchestrator.ended(runId, 30_000, false)).toMatchObject({ state: 'success' })
  })

  it('is refused at the door when it can not be performed', async () => {
    await expect(perform([read('a'), read('a')])).rejects.toMatchObject({ code: 'plan_invalid' })
    await expect(perform([{ id: 'a', skill: 'test.unknown' }])).rejects.toMatchObject({ code: 'skill_not_found' })
    await expect(perform([read('a'), read('b')], { actions: 1 })).rejects.toMatchObject({ code: 'actions_exceeded' })
  })

  it('whose end does not come is not waited for any longer', async () => {
    const { runId } = await perform([read('look', { input: { verdict: 'review' } })])
    await server.reaches(runId, 'awaiting_review')
    expect(await server.orchestrator.ended(runId, 10, true)).toBeUndefined()
  })
})
