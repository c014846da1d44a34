import { clockOf } from '@azora/base'
import { type JsonObject, Plan } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { survivesEveryCrash } from '../support/crash-everywhere.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  server = await startServer({ db: database.db, world: createWorld(), signer: newSigner() })
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const YEAR_MS = 365 * 86_400_000
const timer = (input: JsonObject) => ({ id: 'pause', skill: 'wait.timer', input })
const signal = (id: string, input: JsonObject) => ({ id, skill: 'wait.signal', input })
const ended = ({ finishedAt }: { finishedAt?: string | undefined }): boolean => finishedAt !== undefined
const waiting =
  (stepId: string) =>
  ({ actions }: { actions: Array<{ stepId: string; state: string }> }): boolean =>
    actions.some((action) => action.stepId === stepId && action.state === 'waiting')
const replaysAsItWas = async (runId: string): Promise<void> =>
  expect(await server.replayer.replay(OWNER, runId, { all: true })).toMatchObject({ outcome: 'same', divergences: [] })

describe('a step that waits', () => {
  it('for a time lets the next one begin then', async () => {
    const runId = await server.run([[timer({ ms: 30 }), { id: 'a', skill: 'test.write', after: ['pause'] }]])
    const run = await server.until(runId, ended)
    expect(run).toMatchObject({ state: 'success', actions: [{ state: 'succeeded' }, { state: 'succeeded' }] })
    expect(run.actions[0]?.durationMs).toBeGreaterThanOrEqual(30)
    await replaysAsItWas(runId)
  })

  it('for a signal hands over what it says and who sent it', async () => {
    const text = { $step: 'word', $pointer: '/data/text' }
    const runId = await server.run([
      [signal('word', { name: 'go' }), { id: 'a', skill: 'test.write', input: { text } }],
    ])
    expect((await server.until(runId, waiting('word'))).actions[0]).toMatchObject({ waits: { signal: 'go' } })
    await server.orchestrator.signal(OWNER, runId, { name: 'other', data: null })
    await server.orchestrator.signal(OWNER, runId, { name: 'go', data: { text: 'now' } })
    const run = await server.until(runId, ended)
    expect(run.actions).toMatchObject([
      { output: { data: { text: 'now' }, from: OWNER.id } },
      { input: { text: 'now' }, state: 'succeeded' },
    ])
    await replaysAsItWas(runId)
  })

  it('takes a signal that came before it, and each signal once', async () => {
    const runId = await server.run([
      [timer({ ms: 200 })],
      [signal('first', { name: 'go' }), signal('second', { name: 'go', ms: 60_000 })],
    ])
    for (const data of [1, 2]) await server.orchestrator.signal(OWNER, runId, { name: 'go', data })
    const run = await server.until(runId, ended)
    const data = run.actions.slice(1).map(({ output }) => (output as { data: number }).data)
    expect(data.sort()).toEqual([1, 2])
    await replaysAsItWas(runId)
  })

  it('gives up at its time, which the agent is told', async () => {
    const runId = await server.run([[signal('word', { name: 'go', ms: 20 })]])
    const run = await server.until(runId, ended)
    expect(run.actions).toMatchObject([{ state: 'failed', error: { code: 'wait_timeout' } }])
    await replaysAsItWas(runId)
  })

  it.each([
    [timer({}), 'ms or until'],
    [timer({ ms: 1, until: '2030-01-01T00:00:00.000Z' }), 'ms or until'],
    [timer({ ms: -1 }), 'expected number'],
    [signal('word', { name: 'No Name' }), 'lower-case'],
  ])('with %j is invalid, and says why', async (step, why) => {
    const runId = await server.run([[step]])
    const [action] = (await server.until(runId, ended)).actions
    expect(action).toMatchObject({ state: 'invalid', error: { code: 'invalid_input' } })
    expect(action?.error?.message).toMatch(new RegExp(why, 'i'))
    await replaysAsItWas(runId)
  })

  it('can be paused, resumed and cancelled, and what was sent meanwhile is kept', async () => {
    const runId = await server.run([[signal('word', { name: 'go' })], [signal('never', { name: 'never' })]])
    await server.until(runId, waiting('word'))
    await server.orchestrator.pause(OWNER, runId)
    await server.orchestrator.signal(OWNER, runId, { name: 'go', data: 1 })
    expect((await server.orchestrator.show(OWNER, runId)).state).toBe('paused')
    await server.orchestrator.resume(OWNER, runId)
    await server.until(runId, waiting('never'))
    await server.orchestrator.cancel(OWNER, runId)
    await server.reaches(runId, 'cancelled')
  })
})

describe('a plan without an agent', () => {
  const scope = { read: [], write: [], hosts: [] }
  const budget = { actions: 10, turns: 1 }
  const perform = async (steps: object[]): Promise<string> =>
    (await server.orchestrator.performPlan(OWNER, { plan: Plan.parse({ steps }), scope, budget, priority: 5 })).runId

  it('waits as an agent’s does, and what it waited for is bound to what comes after', async () => {
    const runId = await perform([
      timer({ ms: 20 }),
      signal('word', { name: 'go' }),
      { id: 'a', skill: 'test.write', input: { text: { $step: 'word', $pointer: '/data/text' } }, after: ['pause'] },
    ])
    await server.until(runId, waiting('word'))
    await server.orchestrator.signal(OWNER, runId, { name: 'go', data: { text: 'said' } })
    const run = await server.until(runId, ended)
    expect(run).toMatchObject({ state: 'success', outputs: { a: { text: 'said' }, word: { data: { text: 'said' } } } })
    await replaysAsItWas(runId)
  })

  it('of nothing but a wait ends with it; a wait that it does not get to the end of fails it', async () => {
    const [good, late, wrong] = await Promise.all([
      perform([timer({ ms: 20 })]),
      perform([signal('word', { name: 'go', ms: 20 })]),
      perform([timer({ minutes: 1 })]),
    ])
    expect(await server.until(good, ended)).toMatchObject({ state: 'success' })
    expect(await server.until(late, ended)).toMatchObject({
      state: 'fail',
      actions: [{ error: { code: 'wait_timeout' } }],
    })
    expect(await server.until(wrong, ended)).toMatchObject({ state: 'fail', actions: [{ state: 'invalid' }] })
    for (const runId of [good, late, wrong]) await replaysAsItWas(runId)
    await expect(perform([{ id: 'a', skill: 'wait.other', input: {} }])).rejects.toMatchObject({
      code: 'skill_not_found',
    })
  })
})

describe('a signal', () => {
  it('is sent once under one key, whatever happened to the run since', async () => {
    const runId = await server.run([[signal('word', { name: 'go' })]])
    const go = { name: 'go', data: { n: 1 } }
    const [one, two] = await Promise.all([1, 2].map(() => server.orchestrator.signal(OWNER, runId, go, 'key')))
    expect(one?.index).toBe(two?.index)
    expect([one?.duplicate, two?.duplicate].sort()).toEqual([false, true])
    await server.until(runId, ended)
    expect(await server.orchestrator.signal(OWNER, runId, go, 'key')).toMatchObject({ duplicate: true })
    const send = (data: unknown, caller = OWNER, key?: string) =>
      server.orchestrator.signal(caller, runId, { name: 'go', data: data as JsonObject }, key)
    await expect(send(2, OWNER, 'key')).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    await expect(send(go.data, { ...OWNER, id: 'user:mallory' }, 'key')).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
    await expect(send(1)).rejects.toMatchObject({ code: 'run_ended' })
    await expect(send(1, { ...OWNER, tenant: 'other' })).rejects.toMatchObject({ code: 'run_not_found' })
  })

  it('that is too large is refused', async () => {
    const runId = await server.run([[signal('word', { name: 'go', ms: 60_000 })]])
    const sending = server.orchestrator.signal(OWNER, runId, { name: 'go', data: 'x'.repeat(262_144) })
    await expect(sending).rejects.toMatchObject({ code: 'signal_too_large' })
    await server.orchestrator.cancel(OWNER, runId)
  })
})

describe('a wait of years', () => {
  it('outlives the server, and ends when its time has come', async () => {
    const own = await postgres.createDatabase()
    const signer = newSigner()
    let now = Date.now()
    const start = () => startServer({ db: own.connect(), world: createWorld(), signer, clock: clockOf(() => now) })
    const first = await start()
    const runId = await first.run([[timer({ ms: 3 * YEAR_MS })]])
    await first.until(runId, waiting('pause'))
    first.crash()
    now += 3 * YEAR_MS - 1_000
    const second = await start()
    expect((await second.orchestrator.show(OWNER, runId)).actions).toMatchObject([{ state: 'waiting' }])
    await second.stop()
    now += 1_000
    const third = await start()
    expect(await third.until(runId, ended)).toMatchObject({ state: 'success' })
    await third.stop()
    await own.close()
  })
})

describe('a server that dies after any entry', () => {
  it('neither loses a wait nor a signal, and no step takes one twice', async () => {
    await survivesEveryCrash(postgres, {
      async drive(alive, runId) {
        const id =
          runId ?? (await alive.run([[signal('a', { name: 'go' }), signal('b', { name: 'go' }), timer({ ms: 5 })]]))
        for (const key of ['1', '2']) await alive.orchestrator.signal(OWNER, id, { name: 'go', data: key }, key)
        await alive.until(id, ended)
        return id
      },
      async check(alive, runId) {
        const { actions } = await alive.orchestrator.show(OWNER, runId)
        const taken = actions.flatMap(({ output }) => (output as { data?: string } | undefined)?.data ?? [])
        expect(taken.sort()).toEqual(['1', '2'])
      },
    })
  })
})
