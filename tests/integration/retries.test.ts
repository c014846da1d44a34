import { RetryPolicy } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { survivesEveryCrash } from '../support/crash-everywhere.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let world: World
let server: Server

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  world = createWorld()
  server = await startServer({ db: database.db, world, signer: newSigner() })
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const QUICK = { attempts: 5, firstMs: 5, maxMs: 10 }
const busy = (id: string, times: number, retry: object | undefined, skill = 'test.write') => ({
  id,
  skill,
  input: { how: 'busy', times },
  ...(retry && { retry }),
})
const ended = ({ finishedAt }: { finishedAt?: string | undefined }): boolean => finishedAt !== undefined
const attemptsOf = (runId: string): number =>
  world.requests.filter(({ idempotencyKey }) => idempotencyKey.startsWith(runId)).length

describe('an action that fails', () => {
  it('is attempted again as its step declares, each time judged anew under one idempotency key', async () => {
    const runId = await server.run([[busy('a', 3, QUICK)]])
    const run = await server.until(runId, ended)
    expect(run).toMatchObject({ state: 'success', actions: [{ state: 'succeeded', attempt: 4 }] })
    expect(attemptsOf(runId)).toBe(4)
    expect(world.effects.get(`${runId}:a`)).toBe(1)
    const kinds = (await server.journal.readRun(runId)).map(({ header }) => header.kind)
    expect(kinds.filter((kind) => kind === 'action.verified')).toHaveLength(4)
    expect(await server.replayer.replay(OWNER, runId)).toMatchObject({ outcome: 'same' })
  })

  it('is given up after as many attempts as are declared, and the agent is told the last error once', async () => {
    const runId = await server.run([[busy('a', 9, { ...QUICK, attempts: 3 })]])
    const run = await server.until(runId, ended)
    expect(run.actions).toMatchObject([{ state: 'failed', attempt: 3, error: { code: 'busy' } }])
    expect(run.outputs).toMatchObject([{ stepId: 'a', state: 'failed', error: { code: 'busy' } }])
    expect(attemptsOf(runId)).toBe(3)
  })

  it.each([
    ['that the caller calls terminal', busy('a', 9, { ...QUICK, terminal: ['busy'] })],
    ['that is none of those worth another attempt', busy('a', 9, { ...QUICK, retryable: ['late'] })],
    ['without a policy', busy('a', 9, undefined)],
    ['when no time is left', busy('a', 9, { ...QUICK, withinMs: 1 })],
    ['of an effect that may have happened', { ...busy('a', 0, QUICK, 'test.pay'), input: { how: 'fail' } }],
  ])('with an error %s is not attempted again', async (_, step) => {
    const runId = await server.run([[step]])
    await server.until(runId, ended)
    expect(attemptsOf(runId)).toBe(1)
  })

  it('is attempted again by the policy of its skill, also one that must not happen twice, if that says so', async () => {
    const runId = await server.run([[busy('a', 2, undefined, 'test.pay')]])
    expect(await server.until(runId, ended)).toMatchObject({ actions: [{ state: 'succeeded', attempt: 3 }] })
    expect(world.effects.get(`${runId}:a`)).toBe(1)
  })

  it('takes no more attempts than the run has, with steps side by side', async () => {
    const steps = ['a', 'b', 'c', 'd'].map((id) => busy(id, 99, { ...QUICK, attempts: 50 }))
    const runId = await server.run([steps], { budget: { actions: 50, turns: 10, retries: 7 } })
    await server.until(runId, ended)
    expect(attemptsOf(runId)).toBe(4 + 7)
    expect(await server.replayer.replay(OWNER, runId)).toMatchObject({ outcome: 'same' })
  })

  it('by the API of one skill too', async () => {
    const { runId } = await server.orchestrator.execute(OWNER, {
      skillId: 'test.write',
      input: { how: 'busy', times: 1 },
      scope: { read: [], write: [], hosts: [] },
      priority: 5,
      retry: RetryPolicy.parse(QUICK),
    })
    expect(await server.until(runId, ended)).toMatchObject({ state: 'success' })
  })

  it('waits without being held in memory, and can be paused and cancelled meanwhile', async () => {
    const slow = { attempts: 2, firstMs: 86_400_000, maxMs: 86_400_000 }
    const runs = await Promise.all([server.run([[busy('a', 1, slow)]]), server.run([[busy('a', 1, slow)]])])
    for (const runId of runs) {
      const { actions } = await server.until(runId, (run) => run.actions[0]?.state === 'retrying')
      expect(Date.parse(actions[0]?.retryAt ?? '') - Date.now()).toBeGreaterThan(40_000_000)
    }
    const [cancelled, paused] = runs as [string, string]
    await server.orchestrator.cancel(OWNER, cancelled)
    await server.reaches(cancelled, 'cancelled')
    await server.orchestrator.pause(OWNER, paused)
    expect((await server.orchestrator.resume(OWNER, paused)).state).toBe('running')
    expect(attemptsOf(cancelled) + attemptsOf(paused)).toBe(2)
  })
})

describe('a server that dies after any entry', () => {
  it('attempts as often as is declared, and the effect happens once', async () => {
    const entries = await survivesEveryCrash(postgres, {
      async drive(alive, runId) {
        const id = runId ?? (await alive.run([[busy('a', 2, QUICK), busy('b', 1, QUICK, 'test.read')]]))
        await alive.until(id, ended)
        return id
      },
      async check(alive, runId, { effects }) {
        const run = await alive.orchestrator.show(OWNER, runId)
        expect(run).toMatchObject({ state: 'success', actions: [{ state: 'succeeded' }, { state: 'succeeded' }] })
        expect(effects.get(`${runId}:a`)).toBe(1)
      },
    })
    expect(entries).toBeGreaterThan(15)
  })
})
