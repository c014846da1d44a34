import type { AgentManifest } from '@azora/contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newRunId, newSigner } from '../support/journal.ts'
import { AGENTS, OWN_AGENTS } from '../support/scripted.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld, SCRIPTED, SKILLS } from '../support/world.ts'

let postgres: TestPostgres
let database: TestDatabase
let server: Server
const world = createWorld()
const signer = newSigner()

/** What every server offers, whatever the other agent has become. */
const startWith = async (...agents: AgentManifest[]): Promise<void> => {
  const manifests = [...agents, { ...SCRIPTED, agentId: 'other' }]
  server = await startServer({
    db: database.connect(),
    world,
    signer,
    agents: { manifests, host: AGENTS, own: OWN_AGENTS },
  })
}
const upgradeTo = async (...agents: AgentManifest[]): Promise<void> => {
  await server.stop()
  await startWith(...agents)
}

beforeAll(async () => {
  postgres = await openPostgres()
})
beforeEach(async () => {
  database = await postgres.createDatabase()
  await startWith(SCRIPTED)
  return async () => {
    await server.stop()
    await database.close()
  }
})
afterAll(() => postgres.stop())

const NEWER: AgentManifest = { ...SCRIPTED, version: '1.1.0' }
const PICKY: AgentManifest = { ...NEWER, inputSchema: { type: 'object', required: ['path'] } }
const PLANS = { plans: [{ steps: [{ id: 'a', skill: 'test.write' }] }] }
const asked = {
  agentId: SCRIPTED.agentId,
  input: PLANS,
  scope: { read: [], write: [], hosts: [] },
  priority: 5,
  budget: { actions: 50, turns: 10 },
}
const create = (change: Partial<Parameters<Server['orchestrator']['create']>[1]> = {}, key = 'key') =>
  server.orchestrator.create(OWNER, { ...asked, ...change }, key)
const REUSED = { code: 'idempotency_key_reused' }
const ended = async (): Promise<string> => {
  const { runId } = await create({}, 'source')
  await server.reaches(runId, 'success')
  return runId
}

describe('a request that comes again', () => {
  it.each([
    ['has a newer version', [NEWER]],
    ['asks for another input', [PICKY]],
    ['is gone', []],
  ])('gets its run when the agent %s meanwhile', async (_, agents) => {
    const first = await create()
    await server.reaches(first.runId, 'success')
    await upgradeTo(...agents)
    expect(await create()).toEqual(first)
    // Said or not, it is the version that the first request got.
    expect(await create({ agentVersion: '1.0.0' })).toEqual(first)
    await expect(create({ agentVersion: '1.1.0' })).rejects.toMatchObject(REUSED)
    await expect(create({ priority: 6 })).rejects.toMatchObject(REUSED)
    await expect(create({ agentId: 'other' })).rejects.toMatchObject(REUSED)
  })

  it('is refused as another one would be where its key is new', async () => {
    await expect(create({ agentVersion: '9.0.0' })).rejects.toMatchObject({ code: 'agent_not_found' })
    expect(await create()).toMatchObject({ state: 'scheduled' })
  })

  it('gets its run when the skill that it performs is gone', async () => {
    const execute = (input: object) =>
      server.orchestrator.execute(
        OWNER,
        { ...asked, skillId: 'test.late', input: input as never, version: undefined },
        'key',
      )
    const skill = { ...(SKILLS[0] as (typeof SKILLS)[0]), skillId: 'test.late' }
    await server.registry.register({ skills: [skill], agents: [] })
    const first = await execute({})
    await upgradeTo()
    expect(await execute({})).toEqual(first)
    await expect(execute({ text: 'other' })).rejects.toMatchObject(REUSED)
  })

  it('gets its fork, restart and retry, whatever has become of the run and its agent', async () => {
    const source = await ended()
    const { fork, restart, retry } = server.orchestrator
    const forked = await fork(OWNER, source, { from: 'a' }, 'fork')
    const restarted = await restart(OWNER, source, 'a', 'restart')
    const retried = await retry(OWNER, source, 'retry')
    await upgradeTo()
    const { orchestrator } = server
    expect(await orchestrator.fork(OWNER, source, { from: 'a' }, 'fork')).toEqual(forked)
    expect(await orchestrator.restart(OWNER, source, 'a', 'restart')).toEqual(restarted)
    expect(await orchestrator.retry(OWNER, source, 'retry')).toEqual(retried)
    const others = [
      () => orchestrator.fork(OWNER, source, { from: 'a', input: {} }, 'fork'),
      () => orchestrator.fork(OWNER, source, {}, 'fork'),
      () => orchestrator.fork(OWNER, source, { from: 'a', agentVersion: '2.0.0' }, 'fork'),
      () => orchestrator.restart(OWNER, source, 'b', 'restart'),
      () => orchestrator.restart(OWNER, source, 'a', 'retry'),
      () => orchestrator.retry(OWNER, forked.runId, 'retry'),
      () => orchestrator.retry({ ...OWNER, id: 'user:other' }, source, 'retry'),
    ]
    for (const ask of others) await expect(ask()).rejects.toMatchObject(REUSED)
  })

  it('is another tenant’s own, also under the same key', async () => {
    await create()
    const elsewhere = { ...OWNER, tenant: 'elsewhere' }
    await expect(
      server.orchestrator.create(elsewhere, { ...asked, agentVersion: '9.0.0' }, 'key'),
    ).rejects.toMatchObject({ code: 'agent_not_found' })
    await expect(server.orchestrator.retry(elsewhere, newRunId(), 'key')).rejects.toMatchObject({
      code: 'run_not_found',
    })
  })
})
