import { AdmissionLimits } from '@azora/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { putOnRecord } from '../support/evidence.ts'
import { newSigner } from '../support/journal.ts'
import { decisionOf, person } from '../support/people.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

const ALICE = person('user:alice')

let postgres: TestPostgres
let database: TestDatabase
let server: Server
const signer = newSigner()
const start = async (): Promise<void> => {
  server = await startServer({ db: database.connect(), world: createWorld(), signer })
}
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  await start()
  await putOnRecord(server.journal, ALICE)
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

async function setLimits(limits: object): Promise<void> {
  const { index } = server.orchestrator.limits()
  const request = { limits: AdmissionLimits.parse(limits), ...(index !== undefined && { replaces: index }) }
  await server.orchestrator.setLimits(OWNER, request)
}
const quick = () => server.run([[{ id: 'a', skill: 'test.read' }]])
const scripted = (actions: number, onReached: 'ask' | 'fail') =>
  setLimits({ agents: { scripted: { budget: { per: 'total', actions, onReached } } } })
const usedOf = () => server.orchestrator.budgets().find(({ of }) => of === 'agent:scripted')

it('runs at one time use no more than the budget; people raise it and let the others go on', async () => {
  await scripted(3, 'ask')
  const runs = await Promise.all(Array.from({ length: 8 }, quick))
  const states = async () => Promise.all(runs.map(async (run) => (await server.orchestrator.show(OWNER, run)).state))
  const count = async (state: string) => (await states()).filter((one) => one === state).length
  await expect.poll(() => count('success')).toBe(3)
  await expect.poll(() => count('paused')).toBe(5)
  expect(usedOf()).toMatchObject({ used: { actions: 3 }, reserved: {} })
  // What was used is known after a crash too.
  server.crash()
  await start()
  expect(usedOf()).toMatchObject({ used: { actions: 3 }, reserved: {} })
  await scripted(8, 'ask')
  for (const [at, state] of (await states()).entries())
    if (state === 'paused') await server.orchestrator.resume(OWNER, runs[at] as string)
  for (const run of runs) await server.reaches(run, 'success')
  expect(usedOf()?.used.actions).toBe(8)
})

it('a run fails where that is declared', async () => {
  await scripted(8, 'fail')
  const run = await quick()
  await server.reaches(run, 'fail')
  expect((await server.orchestrator.show(OWNER, run)).error).toMatchObject({ code: 'budget_reached' })
  const kinds = (await server.journal.readRun(run)).map(({ header }) => header.kind)
  expect(kinds.slice(-2)).toEqual(['budget.reached', 'run.failed'])
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('what was under way at a crash stays reserved until its step ends, and is charged at most then', async () => {
  await scripted(10, 'ask')
  const run = await server.run([[{ id: 'a', skill: 'test.read', input: { how: 'hang' } }]])
  await expect.poll(() => usedOf()?.reserved.actions).toBe(1)
  server.crash()
  await start()
  // The attempt of before and the one that followed it.
  await expect.poll(() => usedOf()?.reserved.actions).toBe(2)
  const late = await server.run([[{ id: 'a', skill: 'test.read' }]])
  expect(await server.reaches(late, 'paused')).toBeDefined()
  const entries = await server.journal.readRun(late)
  expect(entries.at(-1)?.payload).toMatchObject({ reason: expect.stringContaining('the budget of agent:scripted') })
  expect(await server.replayer.replay(OWNER, late)).toMatchObject({ outcome: 'same' })
  await server.orchestrator.cancel(OWNER, run)
  await server.reaches(run, 'cancelled')
  expect(usedOf()).toMatchObject({ used: { actions: 10 }, reserved: {} })
})

it('a fork is charged for what it performs, not for what it takes over', async () => {
  await scripted(20, 'fail')
  const steps = [
    { id: 'a', skill: 'test.read' },
    { id: 'b', skill: 'test.read', after: ['a'] },
  ]
  const budget = { actions: 50, turns: 10, timeMs: 3_600_000 }
  const run = await server.run([steps], { budget })
  await server.reaches(run, 'success')
  const before = usedOf()?.used.actions ?? 0
  const { runId } = await server.orchestrator.fork(OWNER, run, { from: 'b' })
  const forked = await server.reaches(runId, 'success')
  expect(usedOf()?.used.actions).toBe(before + 1)
  expect(forked.budgetUse).toMatchObject({ used: { actions: 1 }, reserved: {} })
})

it('steps side by side wait for each other where the budget of their run has room for one', async () => {
  const steps = ['a', 'b', 'c'].map((id) => ({ id, skill: 'test.read' }))
  const run = await server.run([steps], { budget: { actions: 50, turns: 10, timeMs: 60_002, onReached: 'fail' } })
  const { budgetUse } = await server.reaches(run, 'success')
  expect(budgetUse).toEqual({ used: { actions: 3, timeMs: 3 }, reserved: {}, renewals: 0 })
})

const ONE_ACTION = { actions: 50, turns: 10, timeMs: 60_000 }
const lost = (id: string) => ({ id, skill: 'test.pay', input: { how: 'lose' } })
const spent = async (run: string) => (await server.orchestrator.show(OWNER, run)).budgetUse

it('what nobody knows of is charged when people decide against doing it again: what comes after finds room, or is told', async () => {
  await scripted(1_000, 'fail')
  const run = await server.run([[lost('a'), { id: 'b', skill: 'test.read', after: ['a'] }]], { budget: ONE_ACTION })
  await server.reaches(run, 'awaiting_review')
  expect(await spent(run)).toMatchObject({ used: {}, reserved: { timeMs: 60_000 } })
  const [review] = await server.orchestrator.reviewsOf(OWNER, run)
  if (!review) throw new TypeError('nobody is asked')
  await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'deny'))
  const { pauseReason } = await server.reaches(run, 'paused')
  expect(pauseReason).toContain('the budget of the run')
  expect(await spent(run)).toMatchObject({ used: { actions: 1, timeMs: 60_000 }, reserved: {} })
  await server.orchestrator.resume(OWNER, run)
  await server.reaches(run, 'success')
  expect(await spent(run)).toMatchObject({ used: { actions: 2, timeMs: 60_001 }, reserved: {} })
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('what nobody knows of is charged before what a cancelled run did is undone: for that people let it use more', async () => {
  const undo = { skill: 'test.unbook', input: {}, on: ['cancel'] }
  const book = { id: 'a', skill: 'test.book', input: {}, compensation: undo }
  const run = await server.run([[book, { ...lost('b'), after: ['a'] }]], { budget: { ...ONE_ACTION, timeMs: 60_001 } })
  await server.reaches(run, 'awaiting_review')
  await server.orchestrator.cancel(OWNER, run)
  await server.reaches(run, 'paused')
  expect(await spent(run)).toMatchObject({ used: { actions: 2, timeMs: 60_001 }, reserved: {} })
  await server.orchestrator.resume(OWNER, run)
  await server.reaches(run, 'cancelled')
  expect(await spent(run)).toMatchObject({ used: { actions: 3, timeMs: 60_002 }, reserved: {} })
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

it('what a run did is undone before it fails by a budget, and a crash in between changes nothing', async () => {
  const { used = {} } = usedOf() ?? {}
  await scripted((used.actions ?? 0) + 2, 'fail')
  const steps = [
    { id: 'a', skill: 'test.book' },
    { id: 'b', skill: 'test.read', after: ['a'] },
    { id: 'c', skill: 'test.read', after: ['b'] },
  ]
  const run = await server.run([steps])
  await expect
    .poll(async () => (await server.journal.readRun(run)).map(({ header }) => header.kind))
    .toContain('budget.reached')
  server.crash()
  await start()
  await server.reaches(run, 'paused')
  await scripted(1_000, 'fail')
  await server.orchestrator.resume(OWNER, run)
  expect((await server.reaches(run, 'fail')).error?.code).toBe('budget_reached')
  expect(await server.replayer.replay(OWNER, run)).toMatchObject({ outcome: 'same' })
})

/** Notes how many rows each statement deletes: how many come before somebody looks hangs on the machine. */
const NOTE_DELETED = `
create table deleted (rows integer);
create function note_deleted() returns trigger language plpgsql as
  'begin insert into deleted select count(*) from gone having count(*) > 0; return null; end';
create trigger noted after delete on orchestrator.budget_used
  referencing old table as gone for each statement execute function note_deleted()`

it('old periods are left out at a start, so many at a time, and then not before another day', async () => {
  server.crash()
  await database.db.query(NOTE_DELETED)
  await database.db.query(`insert into orchestrator.budget_used
    select 'tenant:old', to_char(date '2020-01-01' + day, 'YYYY-MM-DD'), '{}' from generate_series(0, 699) as day`)
  await database.db.query(`insert into orchestrator.budget_used
    select 'tenant:old', to_char(now() at time zone 'UTC' - interval '1 month', format), '{}' from unnest(array['YYYY-MM', 'YYYY-MM-DD']) as format`)
  const count = async () => {
    const { rows } = await database.db.query("select from orchestrator.budget_used where subject = 'tenant:old'")
    return rows.length
  }
  await start()
  await keepMore()
  await keepMore()
  await expect.poll(count, { timeout: KEPT_MS_MAX }).toBe(2)
  const { rows } = await database.db.query('select rows from deleted')
  expect(rows).toEqual([{ rows: 500 }, { rows: 200 }])
  await database.db.query("insert into orchestrator.budget_used values ('tenant:old', '2020-01-01', '{}')")
  await keepMore()
  await keepMore()
  expect(await count()).toBe(3)
})

const KEPT_MS_MAX = 20_000

/** Something is used, and kept. */
async function keepMore(): Promise<void> {
  const { size } = server.journal.status()
  await server.reaches(await quick(), 'success')
  await expect.poll(kept, { timeout: KEPT_MS_MAX }).toBeGreaterThan(size)
}

async function kept(): Promise<number> {
  const { rows } = await database.db.query<{ next: string }>('select next from orchestrator.budget_cursor')
  return Number(rows[0]?.next)
}

const SIGNAL = { id: 'w', skill: 'wait.signal', input: { name: 'go' } }
const child = { skill: 'run.start', input: { agent: 'scripted', input: { plans: [{ steps: [SIGNAL] }] } } }
const go = (run: string) => server.orchestrator.signal(OWNER, run, { name: 'go', data: null })
async function childIn(parent: string, stepId: string): Promise<string> {
  const { actions } = await server.until(parent, (run) => run.actions.some((a) => a.stepId === stepId && a.child))
  const id = actions.find((action) => action.stepId === stepId)?.child ?? ''
  await expect.poll(() => server.journal.readRun(id)).not.toEqual([])
  return id
}

it.each(['stays', 'crashes'])(
  'a child that a failing run leaves ends before what that did is undone, where the server %s',
  async (what) => {
    await scripted((usedOf()?.used.actions ?? 0) + 20, 'fail')
    const { journal, crash } = server
    if (what === 'crashes')
      journal.subscribe((entries) => {
        if (entries.some(({ header }) => header.kind === 'compensation.begun')) crash()
      })
    const book = { id: 'a', skill: 'test.book', input: { text: 'a' }, compensation: child }
    const late = { id: 'b', skill: 'test.read', after: ['w'] }
    const parent = await server.run([[book, { id: 'c', after: ['a'], ...child }, { ...SIGNAL, after: ['a'] }, late]])
    const left = await childIn(parent, 'c')
    await server.until(left, ({ actions }) => actions[0]?.state === 'waiting')
    await scripted(1, 'fail')
    await go(parent)
    if (what === 'crashes') {
      await expect.poll(async () => (await journal.readRun(parent)).at(-1)?.header.kind).toBe('compensation.begun')
      await start()
    }
    // What undoes has no room either: people are asked.
    await server.reaches(parent, 'paused')
    await server.reaches(left, 'cancelled')
    await scripted((usedOf()?.used.actions ?? 0) + 20, 'fail')
    await server.orchestrator.resume(OWNER, parent)
    const undoing = await childIn(parent, 'undo-1')
    await go(undoing)
    await server.reaches(parent, 'fail')
    const entries = await server.journal.readRun(parent)
    const ends = entries.filter(({ header }) => header.kind === 'child.ended').map(({ payload }) => payload)
    expect(ends).toMatchObject([
      { stepId: 'c', run: left, state: 'cancelled' },
      { stepId: 'undo-1', run: undoing, state: 'success' },
    ])
    expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
  },
)
