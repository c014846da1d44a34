import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { survivesEveryCrash } from '../support/crash-everywhere.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { putOnRecord } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const ALICE = person('user:alice')

let postgres: TestPostgres
let database: TestDatabase
let world: World
let server: Server

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  world = createWorld()
  server = await startServer({ db: database.db, world, signer: newSigner() })
  await putOnRecord(server.journal, ALICE)
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const book = (id: string, input: object = {}, more: object = {}) => ({
  id,
  skill: 'test.book',
  input: { text: id, undo: 'well', ...input },
  ...more,
})
const MISSED = { input: { goal: 'missed' } }
const ended = ({ finishedAt }: { finishedAt?: string | undefined }): boolean => finishedAt !== undefined
/** What was undone, in this order. */
const undone = (runId: string): unknown[] =>
  world.requests
    .filter(({ action }) => action.runId === runId && action.skillId === 'test.unbook')
    .map(({ action }) => action.input.text)
const replaysAsItWas = async (runId: string): Promise<void> =>
  expect((await server.replayer.replay(OWNER, runId, { all: true })).divergences).toEqual([])

describe('a run that does not succeed', () => {
  it('undoes its effects, the newest first, and then fails for the reason that it had', async () => {
    const plans = [
      [book('a')],
      [book('b'), { id: 'c', skill: 'test.write', after: ['b'] }],
      [book('d', { how: 'fail' })],
    ]
    const runId = await server.run(plans, MISSED)
    const run = await server.until(runId, ended)
    expect(run).toMatchObject({ state: 'fail', error: { code: 'goal_missed' } })
    expect(undone(runId)).toEqual(['b', 'a'])
    expect(run.actions.slice(4)).toMatchObject([
      { stepId: 'undo-1', compensates: 'b', state: 'succeeded', verdict: 'allow', reason: 'undoes b' },
      { stepId: 'undo-2', compensates: 'a', state: 'succeeded', verdict: 'allow' },
    ])
    await replaysAsItWas(runId)
  })

  it('undoes nothing when it succeeds, and nothing that did not happen', async () => {
    const good = await server.run([[book('a')]])
    const bad = await server.run([[book('a', { how: 'fail' }), book('b', { verdict: 'deny' })]], MISSED)
    expect(await server.until(good, ended)).toMatchObject({ state: 'success' })
    expect(await server.until(bad, ended)).toMatchObject({ state: 'fail' })
    expect([...undone(good), ...undone(bad)]).toEqual([])
  })

  it('undoes what it did when its agent fails, once what is in flight has ended', async () => {
    const runId = await server.run([[book('a')], [book('a')]])
    expect(await server.until(runId, ended)).toMatchObject({ state: 'fail', error: { code: 'plan_invalid' } })
    expect(undone(runId)).toEqual(['a'])
    await replaysAsItWas(runId)
  })

  it('heeds what the agent says of a step before what the skill says', async () => {
    const compensation = { skill: 'test.write', input: { text: { $input: '/text' } } }
    const runId = await server.run([[book('a', {}, { compensation })]], MISSED)
    const run = await server.until(runId, ended)
    expect(run.actions[1]).toMatchObject({ skill: 'test.write', input: { text: 'a' }, state: 'succeeded' })
    expect(undone(runId)).toEqual([])
  })

  it('undoes what it did when it is cancelled, if that is declared, and when its deadline passes', async () => {
    const cancelled = await server.run([[book('a')], [book('b', { how: 'hang' })]])
    await server.until(cancelled, ({ actions }) => actions[1]?.state === 'started')
    await server.orchestrator.cancel(OWNER, cancelled)
    expect(await server.until(cancelled, ended)).toMatchObject({ state: 'cancelled' })
    expect(undone(cancelled)).toEqual(['a'])
    const onFail = { compensation: { skill: 'test.write', input: {} } }
    const late = await server.run(
      [[book('a', {}, onFail)], [{ id: 'b', skill: 'wait.timer', input: { ms: 900_000 } }]],
      {
        deadline: new Date(Date.now() + 1_500).toISOString(),
      },
    )
    const run = await server.until(late, ended)
    expect(run).toMatchObject({ state: 'fail', error: { code: 'deadline_exceeded' } })
    expect(statesOf(run)).toMatchObject({ a: 'succeeded', b: 'cancelled', 'undo-1': 'succeeded' })
    for (const runId of [cancelled, late]) await replaysAsItWas(runId)
  })

  it('leaves what can not be undone to people: tried again, or left so; nothing older is undone before', async () => {
    const runId = await server.run(
      [[book('a')], [book('b', { undo: 'fail' })], [book('c', { undo: 'busy', times: 1 })]],
      MISSED,
    )
    const waits = await server.reaches(runId, 'awaiting_review')
    expect(statesOf(waits)).toMatchObject({ 'undo-1': 'succeeded', 'undo-2': 'awaiting_review', 'undo-3': 'proposed' })
    const decide = async (decision: 'approve' | 'deny'): Promise<void> => {
      const [review] = await server.orchestrator.reviewsOf(OWNER, runId)
      if (!review) throw new TypeError('nobody is asked')
      expect(review).toMatchObject({ cause: 'compensation', stepId: 'undo-2', skill: 'test.unbook' })
      await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, decision))
    }
    await decide('approve')
    await server.until(runId, ({ state }) => state === 'awaiting_review' && undone(runId).length === 3)
    await decide('deny')
    expect(await server.until(runId, ended)).toMatchObject({ state: 'fail', error: { code: 'goal_missed' } })
    expect(undone(runId)).toEqual(['c', 'b', 'b', 'a'])
    await replaysAsItWas(runId)
  })
})

describe('a server that dies after any entry', () => {
  it('undoes each effect once, in the same order', async () => {
    await survivesEveryCrash(postgres, {
      async drive(alive, runId) {
        const id = runId ?? (await alive.run([[book('a')], [book('b')]], MISSED))
        await alive.until(id, ended)
        return id
      },
      async check(alive, runId, { effects }) {
        const run = await alive.orchestrator.show(OWNER, runId)
        expect(run).toMatchObject({ state: 'fail', error: { code: 'goal_missed' } })
        expect(run.actions.map(({ compensates, state }) => [compensates, state])).toEqual([
          [undefined, 'succeeded'],
          [undefined, 'succeeded'],
          ['b', 'succeeded'],
          ['a', 'succeeded'],
        ])
        for (const stepId of ['a', 'b', 'undo-1', 'undo-2']) expect(effects.get(`${runId}:${stepId}`)).toBe(1)
      },
    })
  })
})
