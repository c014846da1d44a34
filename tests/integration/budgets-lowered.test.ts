import { AdmissionLimits, type PeriodBudget, type RunState } from '@azora/contracts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let gate = Promise.withResolvers<void>()
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  const ready = (): Promise<void> => gate.promise
  server = await startServer({ db: database.connect(), world: createWorld(), signer: newSigner(), ready })
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})
beforeEach(() => {
  gate = Promise.withResolvers()
})

const usedOf = () => server.orchestrator.budgets().find(({ of }) => of === 'agent:scripted')
async function allow(more: number, onReached: PeriodBudget['onReached']): Promise<void> {
  const { index } = server.orchestrator.limits()
  const actions = (usedOf()?.used.actions ?? 0) + more
  const limits = AdmissionLimits.parse({ agents: { scripted: { budget: { per: 'total', actions, onReached } } } })
  await server.orchestrator.setLimits(OWNER, { limits, ...(index !== undefined && { replaces: index }) })
}
const READ = { id: 'a', skill: 'test.read' }

/** Runs whose action found room in the budgets and waits for a place on a node. */
const waiting = (count: number, change: Parameters<Server['run']>[1] = {}): Promise<string[]> =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const run = await server.run([[READ]], change)
      await server.until(run, ({ actions }) => actions[0]?.waits?.place !== undefined)
      return run
    }),
  )
const statesOf = async (runs: readonly string[]): Promise<RunState[]> =>
  (await Promise.all(runs.map(async (run) => (await server.orchestrator.show(OWNER, run)).state))).sort()
const kindsOf = async (run: string): Promise<string[]> =>
  (await server.journal.readRun(run)).map(({ header }) => header.kind)

it('what waits for a place begins only with what a budget leaves that was lowered meanwhile; the others ask', async () => {
  await allow(3, 'ask')
  const runs = await waiting(3)
  const before = usedOf()?.used.actions ?? 0
  await allow(1, 'ask')
  gate.resolve()
  await expect.poll(() => statesOf(runs), { timeout: 10_000 }).toEqual(['paused', 'paused', 'success'])
  expect(usedOf()).toMatchObject({ used: { actions: before + 1 }, reserved: {} })
  const paused: string[] = []
  for (const run of runs) {
    const { state, pauseReason } = await server.orchestrator.show(OWNER, run)
    if (state !== 'paused') continue
    paused.push(run)
    expect(pauseReason).toContain('the budget of agent:scripted')
    expect(await kindsOf(run)).not.toContain('action.verified')
    expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
  }
  await allow(2, 'ask')
  for (const run of paused) await server.orchestrator.resume(OWNER, run)
  for (const run of runs) await server.reaches(run, 'success')
})

it('a run fails where the lowered budget says so', async () => {
  await allow(1, 'ask')
  const [run = ''] = await waiting(1)
  await allow(0, 'fail')
  gate.resolve()
  expect((await server.reaches(run, 'fail')).error).toMatchObject({ code: 'budget_reached' })
  expect((await kindsOf(run)).slice(-2)).toEqual(['budget.reached', 'run.failed'])
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('the own budget counts as people set it while the run was paused, also where its action waited all the time', async () => {
  await allow(9, 'ask')
  const [run = ''] = await waiting(1, { budget: { actions: 9, turns: 9, timeMs: 90_000 } })
  await server.orchestrator.pause(OWNER, run)
  await server.orchestrator.resume(OWNER, run, { timeMs: 1_000 })
  gate.resolve()
  expect((await server.reaches(run, 'paused')).pauseReason).toContain('the budget of the run')
  expect(await kindsOf(run)).not.toContain('action.verified')
  await server.orchestrator.resume(OWNER, run, { timeMs: 90_000 })
  await server.reaches(run, 'success')
})

it('a budget that people raise meanwhile changes nothing', async () => {
  await allow(2, 'ask')
  const runs = await waiting(2)
  await allow(7, 'ask')
  gate.resolve()
  for (const run of runs) await server.reaches(run, 'success')
})
