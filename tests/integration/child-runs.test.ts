import { AdmissionLimits, type JsonObject, NewCustomRole } from '@azora/contracts'
import { createIdentity, createToken } from '@azora/identity'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { mayStartIn } from '../../apps/server/schedules.ts'
import { survivesEveryCrash } from '../support/crash-everywhere.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { AGENTS, OWN_AGENTS } from '../support/scripted.ts'
import { OWNER, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
/** May start runs of the scripted agent, and of no other. */
const LIMITED = { id: 'user:limited', tenant: OWNER.tenant }
const signer = newSigner()
const world = createWorld()

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  const identity = await createIdentity({ db: database.db })
  const owner = { ...OWNER, roles: ['owner' as const], keys: [] }
  await identity.assign(createToken(), owner)
  const limited = { name: 'custom:scripted', may: ['run.manage' as const], agents: [SCRIPTED.agentId] }
  await identity.roles.create(owner, NewCustomRole.parse(limited), async () => {})
  await identity.assign(createToken(), { ...LIMITED, roles: ['custom:scripted'], keys: [] })
  const agents = { manifests: [SCRIPTED, { ...SCRIPTED, agentId: 'other' }], host: AGENTS, own: OWN_AGENTS }
  server = await startServer({ db: database.connect(), world, signer, agents, mayStart: mayStartIn(identity) })
})
async function setLimits(change: object): Promise<void> {
  const { index } = server.orchestrator.limits()
  const limits = AdmissionLimits.parse(change)
  await server.orchestrator.setLimits(OWNER, { limits, ...(index !== undefined && { replaces: index }) })
}
beforeEach(() => setLimits({}))
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const child = (plans: object[][], more: JsonObject = {}): object => ({
  skill: 'run.start',
  input: { agent: SCRIPTED.agentId, input: { plans: plans.map((steps) => ({ steps })) } as never, ...more },
})
const READ = { id: 'a', skill: 'test.read', input: { text: 'of the child' } }
const SIGNAL = { id: 'w', skill: 'wait.signal', input: { name: 'go' } }
const show = (runId: string) => server.orchestrator.show(OWNER, runId)
const childrenOf = async (parent: string) =>
  (await server.orchestrator.list(OWNER, { limit: 200 })).items.filter((run) => run.parent?.run === parent)
const childIn = async (parent: string, stepId = 'c'): Promise<string> => {
  const run = await server.until(parent, ({ actions }) => actions.some((a) => a.stepId === stepId && a.child))
  const id = run.actions.find((action) => action.stepId === stepId)?.child ?? ''
  for (;;) {
    if ((await server.journal.readRun(id)).length > 0) return id
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

it('a step starts a run of another agent, and its output is that run’s', async () => {
  const parent = await server.run([
    [
      { id: 'c', ...child([[READ]]) },
      { id: 'b', skill: 'test.read', after: ['c'] },
    ],
  ])
  const run = await server.reaches(parent, 'success')
  expect(statesOf(run)).toEqual({ c: 'succeeded', b: 'succeeded' })
  const [action] = run.actions
  const ended = await show(action?.child ?? '')
  expect(ended).toMatchObject({
    state: 'success',
    owner: OWNER.id,
    parent: { run: parent, step: 'c', attempt: 1, depth: 1 },
    budget: { actions: 10 },
  })
  expect(action?.output).toEqual(ended.outputs)
  for (const id of [parent, ended.id])
    expect(await server.replayer.replay(OWNER, id)).toMatchObject({ outcome: 'same' })
  const kinds = (await server.journal.readRun(parent)).map(({ header }) => header.kind)
  expect(kinds).toEqual(expect.arrayContaining(['action.verified', 'action.started', 'child.ended', 'action.finished']))
})

it('a child is admitted while its parent waits, also where one run may go at a time', async () => {
  await setLimits({ everyTenant: { concurrency: 1 } })
  const deep = child([[{ id: 'c', ...child([[READ]], { actions: 2 }) }]])
  const parents = [await server.run([[{ id: 'c', ...deep }]]), await server.run([[{ id: 'c', ...deep }]])]
  for (const parent of parents) expect(statesOf(await server.reaches(parent, 'success'))).toEqual({ c: 'succeeded' })
})

it('a child is let in where its parent’s dependents fill the queue', async () => {
  const parent = await server.run([[{ ...SIGNAL, id: 'w' }], [{ id: 'c', ...child([[READ]]) }]])
  await server.until(parent, ({ actions }) => actions.some(({ state }) => state === 'waiting'))
  await setLimits({ queue: 1 })
  const dependent = await server.run([[READ]], { after: [{ run: parent, when: 'success' }] })
  await expect(server.run([[READ]])).rejects.toMatchObject({ code: 'overloaded' })
  await server.orchestrator.signal(OWNER, parent, { name: 'go', data: null })
  await server.reaches(dependent, 'success')
})

it('budgets of an agent count what children perform once, and the start as an action', async () => {
  const [agent, budget] = ['scripted', { per: 'total', actions: 1_000, onReached: 'fail' }]
  await setLimits({ agents: { [agent]: { budget } } })
  const used = () => server.orchestrator.budgets().find(({ of }) => of === `agent:${agent}`)?.used.actions ?? 0
  const before = used()
  const parent = await server.run([[{ id: 'c', ...child([[READ, { ...READ, id: 'b' }]]) }]])
  await server.reaches(parent, 'success')
  expect(used()).toBe(before + 3)
})

it('a child that fails is a failed step, and is tried again as a new run where the step says so', async () => {
  const retry = { attempts: 2, firstMs: 1 }
  const well = child([[READ]], { actions: 1 })
  const failing = child([[READ, { ...READ, id: 'b' }]], { actions: 1 })
  const parent = await server.run([
    [
      { id: 'c', ...failing, retry },
      { id: 'd', ...well },
      { id: 'e', skill: 'run.start', input: { agent: 'nobody' } },
    ],
  ])
  const run = await server.until(parent, ({ finishedAt }) => finishedAt !== undefined)
  expect(statesOf(run)).toMatchObject({ c: 'failed', d: 'succeeded', e: 'failed' })
  expect(run.actions.find(({ stepId }) => stepId === 'e')?.error?.code).toBe('agent_not_found')
  const tried = (await childrenOf(parent)).filter((one) => one.parent?.step === 'c')
  expect(tried.map((one) => [one.parent?.attempt, one.state]).sort()).toEqual([
    [1, 'fail'],
    [2, 'fail'],
  ])
})

it('a child acts for its parent’s owner, who must be allowed to start it', async () => {
  const steps = ['scripted', 'other'].map((agent) => ({ id: agent, ...child([[READ]], { agent }) }))
  const startAs = async (owner: typeof OWNER) => {
    const plans = { plans: [{ steps }] as never }
    const scope = { read: [], write: [], hosts: [] }
    const run = { agentId: 'scripted', input: plans, scope, priority: 5, budget: { actions: 50, turns: 5 } }
    const { runId } = await server.orchestrator.create(owner, run)
    return server.until(runId, ({ finishedAt }) => finishedAt !== undefined)
  }
  const limited = await startAs(LIMITED)
  expect(statesOf(limited)).toEqual({ scripted: 'succeeded', other: 'failed' })
  expect(limited.actions[1]?.error).toMatchObject({ code: 'forbidden' })
  expect((await childrenOf(limited.id)).map(({ agentId, owner }) => [agentId, owner])).toEqual([
    ['scripted', LIMITED.id],
  ])
  expect(statesOf(await startAs(OWNER))).toEqual({ scripted: 'succeeded', other: 'succeeded' })
})

it('cancelling a run cancels those that it started, and it ends after them', async () => {
  const deep = child([[{ id: 'c', ...child([[SIGNAL]], { actions: 2 }) }]])
  const parent = await server.run([[{ id: 'c', ...deep }]])
  const middle = await childIn(parent)
  const leaf = await childIn(middle)
  await server.reaches(leaf, 'running')
  await server.orchestrator.cancel(OWNER, parent)
  const run = await server.reaches(parent, 'cancelled')
  const [first, second] = [await show(middle), await show(leaf)]
  expect([first.state, second.state]).toEqual(['cancelled', 'cancelled'])
  const lastOf = async (id: string) => (await server.journal.readRun(id)).at(-1)?.header.index ?? 0
  expect(await lastOf(parent)).toBeGreaterThan(await lastOf(middle))
  expect(await lastOf(middle)).toBeGreaterThan(await lastOf(leaf))
  expect(statesOf(run)).toEqual({ c: 'cancelled' })
})

it('what a run’s children may do is taken from its budget, and there is an end to depth', async () => {
  const wide = await server.run([[{ id: 'c', ...child([[READ]], { actions: 49 }) }, READ]])
  const run = await server.until(wide, ({ finishedAt }) => finishedAt !== undefined)
  expect(run.actions.find(({ stepId }) => stepId === 'c')?.error?.code).toBe('actions_exceeded')
  let step: object = { id: 'c', ...child([[READ]], { actions: 1 }) }
  for (let depth = 2; depth <= 8; depth += 1) step = { id: 'c', ...child([[step]], { actions: 2 * depth }) }
  const deep = await server.run([[step]])
  await server.until(deep, ({ finishedAt }) => finishedAt !== undefined)
  const codes: unknown[] = []
  for (let id: string | undefined = deep; id; ) {
    const [action]: Awaited<ReturnType<typeof show>>['actions'] = (await show(id)).actions
    codes.push(action?.error?.code)
    id = action?.child
  }
  expect(codes.length).toBe(8)
  expect(codes.at(-1)).toBe('children_too_deep')
})

const TIMED = { actions: 50, turns: 10, timeMs: 180_003, onReached: 'fail' as const }
const TWO = [READ, { ...READ, id: 'b', after: ['a'] }]

it('children at one time share what is left of their parent’s budget, and give back what they leave', async () => {
  const steps = ['c', 'd', 'e'].map((id) => ({ id, ...child([TWO]) }))
  const parent = await server.run([steps, [READ]], { budget: TIMED })
  const { budgetUse } = await server.reaches(parent, 'success')
  expect(budgetUse).toEqual({ used: { actions: 10, timeMs: 7 }, reserved: {}, renewals: 0 })
  for (const { budget } of await childrenOf(parent)) expect(budget).toMatchObject({ actions: 10, timeMs: 60_001 })
  expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
  const { runId } = await server.orchestrator.fork(OWNER, parent, { from: 'd' })
  const fork = await server.reaches(runId, 'success')
  expect(fork.budgetUse).toEqual({ used: { actions: 4, timeMs: 3 }, reserved: {}, renewals: 0 })
})

it('a child has no more than its step names, and one that finds too little waits for what others give back', async () => {
  const named = { timeMs: 100_000 }
  const parent = await server.run([['c', 'd'].map((id) => ({ id, ...child([[READ]], named) }))], { budget: TIMED })
  expect((await server.reaches(parent, 'success')).budgetUse?.used).toEqual({ actions: 4, timeMs: 2 })
  const small = await server.run([[{ id: 'c', ...child([[READ]], { timeMs: 59_999 }) }, READ]], { budget: TIMED })
  const run = await server.reaches(small, 'success')
  expect(statesOf(run)).toEqual({ c: 'failed', a: 'succeeded' })
  expect(run.actions[0]?.error?.code).toBe('budget_reached')
  expect(run.budgetUse).toEqual({ used: { actions: 2, timeMs: 1 }, reserved: {}, renewals: 0 })
})

it('a step that finds shares of other steps in its way waits without a place, until they are given back', async () => {
  await setLimits({ everyTenant: { concurrency: 1 } })
  const steps = [{ id: 'c', ...child([[SIGNAL], [READ]], { timeMs: 150_000 }) }, READ]
  const parent = await server.run([steps], { budget: TIMED })
  const id = await childIn(parent)
  await server.until(id, ({ actions }) => actions[0]?.state === 'waiting')
  // Longer than it would wait for those of other runs.
  await new Promise((resolve) => setTimeout(resolve, 6_000))
  expect(await show(parent)).toMatchObject({
    state: 'running',
    actions: [
      { state: 'started', waits: { run: id } },
      { state: 'proposed', waits: { budget: true } },
    ],
  })
  await server.orchestrator.signal(OWNER, id, { name: 'go', data: null })
  expect((await server.reaches(parent, 'success')).budgetUse?.used).toEqual({ actions: 3, timeMs: 2 })
  expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
})

it('a step that finds shares in its way is stopped by the budget when too much of them was used', async () => {
  const steps = [{ id: 'c', ...child([TWO], { timeMs: 60_001 }) }, READ]
  const parent = await server.run([steps], { budget: { ...TIMED, timeMs: 60_001 } })
  const run = await server.reaches(parent, 'fail')
  expect(run.error?.code).toBe('budget_reached')
  expect(statesOf(run)).toMatchObject({ c: 'succeeded' })
  expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
})

it('whatever ends a child, what it left is given back; one of which nobody knows what it did is charged at most', async () => {
  const hang = { ...READ, input: { how: 'hang' } }
  const parent = await server.run([[{ id: 'c', ...child([[hang]], { timeMs: 70_000 }) }], [READ]], { budget: TIMED })
  const id = await childIn(parent)
  await server.until(id, ({ budgetUse }) => budgetUse?.reserved.timeMs === 60_000)
  expect((await show(parent)).budgetUse?.reserved).toEqual({ actions: 11, timeMs: 70_000 })
  await server.orchestrator.cancel(OWNER, id)
  const { budgetUse } = await server.reaches(parent, 'success')
  expect(budgetUse).toMatchObject({ used: { actions: 3 }, reserved: {} })
  const { used = {} } = (await show(id)).budgetUse ?? {}
  expect(budgetUse?.used.timeMs).toBe((used.timeMs ?? 0) + 1)
})

it('whenever the server dies, a step starts one child, and the parent hears of its end', async () => {
  const write = { id: 'a', skill: 'test.write', input: { text: 'once' } }
  const entries = await survivesEveryCrash(postgres, {
    withChildren: true,
    // Behind the parent's `action.verified` and `action.started`, the child's first entry, its last one, and `child.ended`.
    dies: [5, 6, 7, 16, 17],
    async drive(server, known) {
      const runId = known ?? (await server.run([[{ id: 'c', ...child([[write]]) }]], { budget: TIMED }))
      await server.reaches(runId, 'success')
      return runId
    },
    async check({ orchestrator }, runId, { effects }) {
      const run = await orchestrator.show(OWNER, runId)
      expect(statesOf(run)).toEqual({ c: 'succeeded' })
      expect(run.budgetUse).toEqual({ used: { actions: 2, timeMs: 1 }, reserved: {}, renewals: 0 })
      const { items } = await orchestrator.list(OWNER, { limit: 10 })
      expect(items.map(({ parent, state }) => [parent?.step, state]).sort()).toEqual([
        [undefined, 'success'],
        ['c', 'success'],
      ])
      expect([...effects.values()]).toEqual([1])
    },
  })
  expect(entries).toBeGreaterThan(18)
})
