import type { Entry, EntryKind, JsonObject } from '@azora/contracts'
import type { Draft } from '@azora/journal'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type RunChange, type Server, startServer, statesOf } from '../support/server.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
/** Kinds of entries, by commit. */
let commits: EntryKind[][]
/** Called with each entry as it is committed, before what follows from it is appended. */
let onEntry: (entry: Entry) => void

const signer = newSigner()

async function start(): Promise<void> {
  server = await startServer({ db: database.connect(), world: createWorld(), signer })
  server.journal.subscribe((entries) => {
    commits.push(entries.map(({ header }) => header.kind))
    for (const entry of entries) onEntry(entry)
  })
}
beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  commits = []
  await start()
})
beforeEach(() => {
  commits = []
  onEntry = () => {}
})
afterAll(async () => {
  await server.stop()
  await database.close()
  await postgres.stop()
})

const SIGNAL = { id: 'w', skill: 'wait.signal', input: { name: 'go' } }
const child = (step: object): { skill: string; input: JsonObject } => ({
  skill: 'run.start',
  input: { agent: SCRIPTED.agentId, input: { plans: [{ steps: [step] }] } as never },
})
const show = (run: string) => server.orchestrator.show(OWNER, run)
const stateOf = async (run: string) => (await show(run)).state
const go = (run: string) => server.orchestrator.signal(OWNER, run, { name: 'go', data: null })
async function childIn(parent: string, stepId = 'c'): Promise<string> {
  const { actions } = await server.until(parent, (run) => run.actions.some((a) => a.stepId === stepId && a.child))
  const id = actions.find((action) => action.stepId === stepId)?.child ?? ''
  await expect.poll(() => server.journal.readRun(id)).not.toEqual([])
  return id
}
const permitsChild = ({ header, payload }: Entry): boolean =>
  header.kind === 'action.verified' &&
  payload !== null &&
  'permission' in payload &&
  payload.action.skillId === 'run.start'
/** Appends after all that follows at once from what was just committed, so to the same commit. */
async function appendBehind(draft: Draft): Promise<void> {
  for (let hop = 0; hop < 200; hop += 1) await undefined
  await server.journal.append(draft)
}
/** Starts a run with a child, in whose start the draft comes into the same commit. */
async function startWith(
  draft: Pick<Draft, 'kind' | 'payload' | 'transition'>,
  plan: object[] = [{ id: 'c', ...child(SIGNAL) }],
  change: RunChange = {},
): Promise<string> {
  onEntry = (entry) => {
    const { run = '' } = entry.header
    if (permitsChild(entry)) void appendBehind({ tenant: OWNER.tenant, actor: OWNER.id, run, ...draft } as Draft)
  }
  const parent = await server.run([plan], change)
  await expect.poll(() => commits).toContainEqual(expect.arrayContaining(['action.started', draft.kind]))
  const together = commits.find((kinds) => kinds.includes(draft.kind)) ?? []
  expect(together.indexOf('action.started')).toBeLessThan(together.indexOf(draft.kind))
  onEntry = () => {}
  return parent
}

it('a cancel that is committed with the start of a child ends the child too', async () => {
  const parent = await startWith({ kind: 'run.cancel_requested', payload: {} })
  const run = await server.reaches(parent, 'cancelled')
  const id = run.actions[0]?.child ?? ''
  const last = (await server.journal.readRun(id)).at(-1)?.header
  // Either it never began, or it has ended before its parent.
  expect(last?.transition?.to ?? 'cancelled').toBe('cancelled')
  expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
})

it('a pause that is committed with the start of a child holds for the child too', async () => {
  const parent = await startWith({
    kind: 'run.paused',
    payload: { reason: 'a look' },
    transition: { from: 'running', to: 'paused' },
  })
  const id = (await show(parent)).actions[0]?.child ?? ''
  await new Promise((resolve) => setTimeout(resolve, 100))
  const kinds = (await server.journal.readRun(id)).map(({ header }) => header.kind)
  expect(kinds.length === 0 || kinds.includes('run.paused')).toBe(true)
  await server.orchestrator.resume(OWNER, parent)
  await expect.poll(() => server.journal.readRun(id)).not.toEqual([])
  await server.reaches(id, 'running')
  await go(id)
  await server.reaches(parent, 'success')
})

it.each(['stays', 'crashes'])(
  'a child that begins after its parent got another limit shares that, where the server %s',
  async (what) => {
    const plan = [
      { id: 'c', ...child(SIGNAL) },
      { id: 'd', skill: 'test.read', after: ['c'] },
    ]
    const budget = { actions: 50, turns: 10, timeMs: 600_000 }
    const pause = { kind: 'run.paused', payload: {}, transition: { from: 'running', to: 'paused' } } as const
    const parent = await startWith(pause, plan, { budget })
    const id = (await show(parent)).actions[0]?.child ?? ''
    expect(await server.journal.readRun(id)).toEqual([])
    if (what === 'crashes') {
      server.crash()
      await start()
    }
    await server.orchestrator.resume(OWNER, parent, { tokens: 900 })
    await expect.poll(() => server.journal.readRun(id)).not.toEqual([])
    // An equal part for each step that is still to begin, and for the child.
    expect((await show(id)).budget).toMatchObject({ timeMs: 300_000, tokens: 450 })
    expect((await show(parent)).budgetUse?.reserved).toMatchObject({ timeMs: 300_000, tokens: 450 })
    await go(id)
    await server.reaches(parent, 'success')
    expect((await show(parent)).budgetUse?.reserved).toEqual({})
    expect(await server.replayer.replay(OWNER, parent)).toMatchObject({ outcome: 'same' })
  },
)

it('a child that ends while it is cancelled is heard of', async () => {
  for (let round = 0; round < 25; round += 1) {
    const parent = await server.run([[{ id: 'c', ...child(SIGNAL) }]])
    const id = await childIn(parent)
    await server.until(id, ({ actions }) => actions[0]?.state === 'waiting')
    onEntry = ({ header }) => {
      if (header.run === id && header.kind === 'run.signalled')
        server.orchestrator.cancel(OWNER, parent).catch(() => undefined)
    }
    await go(id)
    await server.until(parent, ({ finishedAt }) => finishedAt !== undefined)
    expect(['success', 'cancelled']).toContain(await stateOf(id))
  }
})

it('what undoes is not cancelled with the run that it undoes', async () => {
  const book = { id: 'a', skill: 'test.book', input: { text: 'a' }, compensation: child(SIGNAL) }
  const parent = await server.run([[book]], { input: { goal: 'missed' } })
  const id = await childIn(parent, 'undo-1')
  await server.until(id, ({ actions }) => actions[0]?.state === 'waiting')
  await server.orchestrator.cancel(OWNER, parent)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await stateOf(id)).toBe('running')
  await go(id)
  const run = await server.reaches(parent, 'fail')
  expect(run.error?.code).toBe('goal_missed')
  expect(statesOf(run)).toMatchObject({ 'undo-1': 'succeeded' })
})
