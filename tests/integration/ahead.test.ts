import { Plan } from '@azora/contracts'
import type { Draft } from '@azora/journal'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
let world: World
/** Kinds of a run's entries, by commit. */
let commits: string[][]
/** What enters the run just before the outcome of its first action. */
let intrusion: Pick<Draft, 'kind' | 'payload' | 'transition'> | undefined

beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  world = createWorld()
  commits = []
  intrusion = undefined
  const perform: World['perform'] = async (request, signal) => {
    const result = await world.perform(request, signal)
    const { runId: run, tenant } = request.action
    if (intrusion && request.action.stepId === 'a')
      void server.journal.append({ tenant, actor: 'user:owner', run, ...intrusion } as Draft)
    return result
  }
  server = await startServer({ db: database.connect(), world: { ...world, perform }, signer: newSigner() })
  server.journal.subscribe((entries) => {
    const kinds = entries.filter(({ header }) => header.run).map(({ header }) => header.kind)
    if (kinds.length > 0) commits.push(kinds)
  })
})
afterEach(async () => {
  const replayed = await server.replayer.replayRecorded(OWNER, {})
  expect(replayed.runs.filter(({ outcome }) => outcome !== 'incomplete')).toEqual([])
  await server.stop()
  await database.close()
})

const performed = (): string[] => world.requests.map(({ action }) => action.stepId)
const step = (id: string, ...after: string[]) => ({ id, skill: 'test.read', input: { text: id }, after })

async function run(): Promise<string> {
  const plan = Plan.parse({ steps: [step('a'), step('b', 'a'), step('c', 'b')] })
  const scope = { skills: ['*'], paths: [], hosts: [] }
  const asked = { plan, scope, priority: 0, budget: { actions: 10, turns: 10 } }
  return (await server.orchestrator.performPlan(OWNER, asked as never)).runId
}

it('what follows by itself is committed with what it follows from', async () => {
  await server.reaches(await run(), 'success')
  expect(commits).toEqual([
    ['run.scheduled'],
    ['run.started', 'plan.proposed', 'action.verified'],
    ['action.finished', 'action.verified'],
    ['action.finished', 'action.verified'],
    ['action.finished', 'agent.concluded', 'run.validated', 'run.succeeded'],
  ])
  expect(performed()).toEqual(['a', 'b', 'c'])
})

it('a cancel that comes just before an outcome is heeded by what would follow from that', async () => {
  intrusion = { kind: 'run.cancel_requested', payload: {} }
  const runId = await run()
  await server.reaches(runId, 'cancelled')
  expect(commits.slice(2).flat()).toEqual(['run.cancel_requested', 'action.finished', 'run.cancelled'])
  expect(performed()).toEqual(['a'])
})

it('a pause that comes just before an outcome holds what would follow from that', async () => {
  intrusion = { kind: 'run.paused', payload: {}, transition: { from: 'running', to: 'paused' } }
  const runId = await run()
  await server.until(runId, ({ actions }) => actions[0]?.state === 'succeeded')
  await server.reaches(runId, 'paused')
  expect(commits.slice(2).flat()).toEqual(['run.paused', 'action.finished'])
  await server.orchestrator.resume(OWNER, runId)
  await server.reaches(runId, 'success')
  expect(performed()).toEqual(['a', 'b', 'c'])
})

it('a run goes on after anything else that comes in between', async () => {
  intrusion = { kind: 'run.signalled', payload: { name: 'news', data: null } }
  await server.reaches(await run(), 'success')
  expect(commits.slice(2, 4)).toEqual([['run.signalled', 'action.finished'], ['action.verified']])
  expect(performed()).toEqual(['a', 'b', 'c'])
})
