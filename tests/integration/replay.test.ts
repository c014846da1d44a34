import { clockOf } from '@azora/base'
import type { JsonObject, ReplayReport, ReviewDecision, ReviewView, RunState } from '@azora/contracts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { CONSTITUTION } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { type DecisionChange, decisionOf, type Person, person } from '../support/people.ts'
import { OWNER, type RunChange, type Server, startServer } from '../support/server.ts'
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

const start = (): Promise<Server> => startServer({ db: database.db, world, signer, clock: clockOf(() => now) })

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  world = createWorld()
})
afterAll(async () => {
  await database.close()
  await postgres.stop()
})
beforeEach(async () => {
  now = Date.now()
  server = await start()
})
afterEach(() => server.stop())

const read = (id: string, change: object = {}) => ({ id, skill: 'test.read', ...change })
const write = (id: string, change: object = {}) => ({ id, skill: 'test.write', ...change })
const pay = (id: string, change: object = {}) => ({ id, skill: 'test.pay', ...change })
const reviewed = (id: string, input: JsonObject = {}) => write(id, { input: { verdict: 'review', text: id, ...input } })

async function waiting(runId: string): Promise<ReviewView> {
  await server.reaches(runId, 'awaiting_review')
  const review = (await server.orchestrator.reviews(OWNER)).items.find((candidate) => candidate.runId === runId)
  if (!review) throw new RangeError('no review waits')
  return review
}

const decide = (who: Person, review: ReviewView, decision: ReviewDecision, change: DecisionChange = {}) =>
  server.orchestrator.decide(
    who,
    review.reviewId,
    decisionOf(who, review, decision, { at: new Date(now).toISOString(), ...change }),
  )

const replay = (runId: string): Promise<ReplayReport> => server.replayer.replay(OWNER, runId, { all: true })

async function expectSame(runId: string): Promise<ReplayReport> {
  const report = await replay(runId)
  expect(report.divergences).toEqual([])
  expect(report.unreplayed).toEqual([])
  expect(report).toMatchObject({ runId, outcome: 'same', stopped: false })
  return report
}

describe('a run that has ended is decided in the same way again', () => {
  const ends = async (plans: object[][], state: RunState, change: RunChange = {}): Promise<string> => {
    const runId = await server.run(plans, change)
    await server.reaches(runId, state)
    return runId
  }

  it.each<[string, object[][], RunState, RunChange?]>([
    ['success', [[read('look')], [write('change', { input: { text: 'x' } })]], 'success'],
    ['no step at all', [], 'success'],
    [
      'steps that wait for another, and a failure',
      [[read('a', { input: { how: 'fail' } }), read('b', { after: ['a'] }), read('c')]],
      'success',
    ],
    [
      'bindings',
      [[read('b', { input: { text: { $step: 'a', $pointer: '/text' } } }), read('a', { input: { text: 'hi' } })]],
      'success',
    ],
    ['a denial', [[write('bad', { input: { verdict: 'deny' } })], [read('after')]], 'success'],
    ['a plan that is denied', [[read('a', { input: { plan: 'deny' } })]], 'success'],
    ['a plan with findings', [[read('a', { input: { plan: 'review' } })]], 'success'],
    [
      'steps that are no actions',
      [
        [
          { id: 'u', skill: 'test.unknown' },
          { id: 's', skill: 'test.strict', input: { path: 7 } },
          read('n', { input: { text: { $step: 'nowhere' } } }),
        ],
      ],
      'success',
    ],
    ['a node that goes away', [[write('a', { input: { how: 'lose' } })]], 'success'],
    ['a missed goal', [[read('a')]], 'fail', { input: { goal: 'missed' } }],
    ['an output that is denied', [[read('a')]], 'fail', { input: { outputs: { verdict: 'deny' } } }],
    ['an agent that fails', [[read('a')]], 'fail', { input: { broken: true } }],
    ['a plan in a circle', [[read('a', { after: ['b'] }), read('b', { after: ['a'] })]], 'fail'],
    ['a step id that is used twice', [[read('a')], [read('a')]], 'fail'],
    ['too many actions', [[read('a'), read('b'), read('c')]], 'fail', { budget: { actions: 2, turns: 5 } }],
    ['too many turns', [[read('a')], [read('b')]], 'fail', { budget: { actions: 9, turns: 1 } }],
  ])('%s', async (_, plans, state, change) => {
    await expectSame(await ends(plans, state, change))
  })

  it('counts what it has made again', async () => {
    const report = await expectSame(await ends([[read('look')], [write('change')]], 'success'))
    expect(report.replayed).toMatchObject({ agent: 4, plan: 2, verdict: 4, observation: 4, output: 1 })
    expect(report).toMatchObject({ against: 'record', agentId: 'scripted', entries: 13 })
  })

  it('one that performs a single skill, without an agent', async () => {
    const scope = { read: [], write: [], hosts: [] }
    const call = { skillId: 'test.write', input: { text: 'x' }, scope, priority: 5 }
    const { runId } = await server.orchestrator.execute(OWNER, call)
    await server.reaches(runId, 'success')
    await expectSame(runId)
    const denied = await server.orchestrator.execute(OWNER, { ...call, input: { verdict: 'deny' } })
    await server.reaches(denied.runId, 'fail')
    await expectSame(denied.runId)
    const again = await server.orchestrator.retry(OWNER, denied.runId)
    await server.reaches(again.runId, 'fail')
    await expectSame(again.runId)
  })

  it('one that was cancelled, before and while it acts', async () => {
    const runId = await server.run([[write('a', { input: { how: 'hang' } }), read('b')]])
    await server.until(runId, ({ actions }) => actions.some(({ state }) => state === 'started'))
    await server.orchestrator.cancel(OWNER, runId, 'enough')
    await server.reaches(runId, 'cancelled')
    await expectSame(runId)
  })

  it('one that was paused and resumed', async () => {
    const runId = await server.run([[reviewed('a')], [read('b')]])
    const review = await waiting(runId)
    await decide(ALICE, review, 'approve')
    await server.orchestrator.pause(OWNER, runId).catch(() => undefined)
    await server.orchestrator.resume(OWNER, runId).catch(() => undefined)
    const { state } = await server.until(runId, (run) => run.state === 'success' || run.state === 'awaiting_review')
    // Where the pause came between the verdict and the deed, the approval was used up for nothing.
    if (state === 'awaiting_review') await decide(ALICE, await waiting(runId), 'approve')
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })

  it('one whose deadline passed', async () => {
    const runId = await server.run([[reviewed('a')]], { deadline: new Date(now + MINUTE).toISOString() })
    await waiting(runId)
    await server.stop()
    now += 2 * MINUTE
    server = await start()
    await server.reaches(runId, 'fail')
    await expectSame(runId)
  })
})

describe('what people decided is taken as it is', () => {
  it('approvals by a quorum', async () => {
    const runId = await server.run([[reviewed('a', { quorum: 2 })], [reviewed('b')]])
    const first = await waiting(runId)
    await expectSame(runId)
    await decide(ALICE, first, 'approve')
    await decide(BOB, first, 'approve')
    await server.until(runId, ({ actions }) =>
      actions.some(({ stepId, state }) => stepId === 'b' && state === 'awaiting_review'),
    )
    await decide(ALICE, await waiting(runId), 'approve')
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })

  it('denials', async () => {
    const runId = await server.run([[reviewed('a'), read('b')]])
    await decide(ALICE, await waiting(runId), 'deny')
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })

  it('amendments', async () => {
    const runId = await server.run([
      [reviewed('a')],
      [read('b', { input: { text: { $step: 'a', $pointer: '/text' } } })],
    ])
    await decide(ALICE, await waiting(runId), 'amend', { input: { text: 'amended' } })
    const run = await server.reaches(runId, 'success')
    expect(run.actions[1]?.output).toEqual({ text: 'amended' })
    await expectSame(runId)
  })

  it('amendments that are reviewed again', async () => {
    const runId = await server.run([[reviewed('a')]])
    await decide(ALICE, await waiting(runId), 'amend', { input: { verdict: 'review', text: 'amended' } })
    await server.until(
      runId,
      ({ actions }) => actions[0]?.state === 'awaiting_review' && actions[0]?.input.text === 'amended',
    )
    await decide(BOB, await waiting(runId), 'approve')
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })

  it('batches', async () => {
    const runId = await server.run([[reviewed('a')], [reviewed('b'), reviewed('c')], [reviewed('d')]])
    await decide(ALICE, await waiting(runId), 'approve', { batch: 2 })
    await server.until(runId, ({ actions }) =>
      actions.some(({ stepId, state }) => stepId === 'd' && state === 'awaiting_review'),
    )
    await decide(BOB, await waiting(runId), 'approve')
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })

  it('nobody in time', async () => {
    const runId = await server.run([[reviewed('a')]])
    await waiting(runId)
    await server.stop()
    now += 61 * MINUTE
    server = await start()
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })

  it('reviews of the final output', async () => {
    const allowed = await server.run([[read('a')]], { input: { outputs: { verdict: 'review' } } })
    await decide(ALICE, await waiting(allowed), 'approve')
    await server.reaches(allowed, 'success')
    await expectSame(allowed)
    const denied = await server.run([[read('a')]], { input: { outputs: { verdict: 'review' } } })
    await decide(ALICE, await waiting(denied), 'deny')
    await server.reaches(denied, 'fail')
    await expectSame(denied)
  })

  it.each(['approve', 'deny'] as const)('an outcome that nobody knows: %s', async (decision) => {
    const runId = await server.run([[pay(`p-${decision}`, { input: { how: 'lose' } }), read('b')]])
    const review = await waiting(runId)
    // A repeat begins a while after people were asked, by the time of the log, which earlier tests have moved on.
    now += 120 * MINUTE
    await decide(ALICE, review, decision)
    await server.reaches(runId, 'success')
    await expectSame(runId)
  })
})

it('performs nothing and appends nothing', async () => {
  const runId = await server.run([[write('a')], [reviewed('b')]])
  await decide(ALICE, await waiting(runId), 'approve')
  await server.reaches(runId, 'success')
  const before = { size: server.journal.status().size, performed: world.requests.length }
  await expectSame(runId)
  await server.replayer.replayRecorded(OWNER, {})
  await server.replayer.replay(OWNER, runId, { constitution: { digest: CONSTITUTION } })
  expect({ size: server.journal.status().size, performed: world.requests.length }).toEqual(before)
})

it('replays every run that has ended, and tells of those that are not the same', async () => {
  const told: string[] = []
  const result = await server.replayer.replayRecorded(OWNER, {}, { onRun: ({ runId }) => told.push(runId) })
  expect(result.total).toBeGreaterThan(0)
  expect(result.runs).toEqual([])
  expect(result).toMatchObject({ same: result.total, diverged: 0, incomplete: 0, failed: 0, limited: false })
  expect(await server.replayer.replayRecorded(OWNER, { limit: 1 })).toMatchObject({ total: 1, limited: true })
  expect(await server.replayer.replayRecorded(OWNER, { agentId: 'nobody' })).toMatchObject({ total: 0 })
  expect(told).toEqual([])
})

it('knows no run of another tenant', async () => {
  const runId = await server.run([[read('a')]])
  await server.reaches(runId, 'success')
  await expect(server.replayer.replay({ id: 'user:x', tenant: 'other' }, runId)).rejects.toMatchObject({
    code: 'run_not_found',
  })
})

describe('what was erased', () => {
  const erase = async (runId: string, kind: string): Promise<void> => {
    const entries = await server.journal.readRun(runId)
    const chosen = entries.filter(({ header }) => header.kind === kind).map(({ header }) => header.index)
    await server.journal.erase(chosen, entries.at(-1)?.header.index ?? 0)
  }

  it('is told, and everything else is replayed', async () => {
    const runId = await server.run([[read('a', { input: { text: 'x' } })], [write('b')]])
    await server.reaches(runId, 'success')
    await erase(runId, 'action.finished')
    const report = await replay(runId)
    expect(report).toMatchObject({ outcome: 'incomplete', divergences: [] })
    expect(report.unreplayed.filter(({ code }) => code === 'erased')).toMatchObject([
      { entry: 'action.finished', kind: 'observation' },
      { entry: 'action.finished', kind: 'observation' },
    ])
    expect(report.replayed).toMatchObject({ plan: 2, verdict: expect.any(Number) })
    await erase(runId, 'run.scheduled')
    const verdicts = await replay(runId)
    expect(verdicts).toMatchObject({
      outcome: 'incomplete',
      divergences: [],
      state: 'success',
      replayed: { verdict: 2 },
    })
    expect(verdicts.agentId).toBeUndefined()
    const agent = { agentId: 'scripted', version: '1.0.0' }
    await expect(server.replayer.replay(OWNER, runId, { agent })).rejects.toMatchObject({ code: 'not_replayable' })
  })
})
