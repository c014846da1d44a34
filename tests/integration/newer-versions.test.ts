import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { AGENTS, OWN_AGENTS } from '../support/scripted.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, SCRIPTED } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
const world = createWorld()
const signer = newSigner()

const start = async (...versions: string[]): Promise<void> => {
  const manifests = versions.map((version) => ({ ...SCRIPTED, version }))
  const agents = { manifests, host: AGENTS, own: OWN_AGENTS }
  server = await startServer({ db: database.connect(), world, signer, agents })
}
const upgradeTo = async (...versions: string[]): Promise<void> => {
  await server.stop()
  await start(...versions)
}
beforeAll(async () => {
  postgres = await openPostgres()
})
afterAll(() => postgres.stop())
beforeEach(async () => {
  database = await postgres.createDatabase()
  await start('1.0.0')
  return async () => {
    await server.stop()
    await database.close()
  }
})

const PLAN = [{ id: 'a', skill: 'test.write' }]
const request = {
  agentId: SCRIPTED.agentId,
  input: { plans: [{ steps: PLAN }] },
  scope: { read: [], write: [], hosts: [] },
  priority: 5,
  budget: { actions: 5, turns: 5 },
}
const create = (key: string, agentVersion?: string) =>
  server.orchestrator.create(OWNER, { ...request, agentVersion }, key)

it('a request that is sent again after an upgrade gets its first run, unless it names another version', async () => {
  const [unnamed, named] = [await create('unnamed'), await create('named', '1.0.0')]
  await upgradeTo('1.0.0', '1.1.0')
  expect(await create('unnamed')).toEqual(unnamed)
  expect(await create('named', '1.0.0')).toEqual(named)
  for (const key of ['unnamed', 'named'])
    await expect(create(key, '1.1.0')).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  expect((await server.reaches(unnamed.runId, 'success')).agentVersion).toBe('1.0.0')
  const { runId } = await create('another')
  expect((await server.reaches(runId, 'success')).agentVersion).toBe('1.1.0')
})

it('a version that is offered no more does not begin again by a retry, as by a fork', async () => {
  const runId = await server.run([PLAN])
  await server.reaches(runId, 'success')
  const { orchestrator } = server
  await server.reaches((await orchestrator.retry(OWNER, runId)).runId, 'success')
  await upgradeTo('1.1.0')
  await expect(server.orchestrator.retry(OWNER, runId)).rejects.toMatchObject({ code: 'agent_not_found' })
  await expect(server.orchestrator.fork(OWNER, runId, {})).rejects.toMatchObject({ code: 'agent_not_found' })
  const forked = await server.orchestrator.fork(OWNER, runId, { agentVersion: '1.1.0' })
  expect((await server.reaches(forked.runId, 'success')).agentVersion).toBe('1.1.0')
})
