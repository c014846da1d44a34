import { join } from 'node:path'
import { silentLog } from '@azora/base'
import type { AgentManifest, ReplayReport } from '@azora/contracts'
import { createAgentHost, createIsolation, createOwnAgents, describeCatalog, openFindCode } from '@azora/execution'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { createProject, type Project } from '../support/project.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { createWorld } from '../support/world.ts'

/** An agent that takes two turns; what it does in the second is up to the expressions. */
const agent = (agentId: string, recognize: string, text = "'as always'", version = '1.0.0'): string => `
import { defineAgent } from '@azora/sdk'
import { z } from 'zod'

let asked = 0

export default defineAgent({
  agentId: '${agentId}',
  version: '${version}',
  title: '${agentId}',
  description: 'Thinks in its own way.',
  skills: ['test.read', 'test.write'],
  input: z.object({}),
  recognize: () => ${recognize},
  reason({ turn, observations }) {
    asked += 1
    if (turn === 0) return { steps: [{ id: 'look', skill: 'test.read', input: { text: 'x' } }], note: 'look first' }
    if (turn === 1) return { steps: [{ id: 'act', skill: 'test.write', input: { text: ${text} } }] }
    return { done: { goal: 'reached', outputs: observations.map(({ output }) => output ?? null) } }
  },
})
`

const AGENTS: Record<string, string> = {
  steady: agent('steady', '1'),
  clock: agent('clock', '1', 'String(process.hrtime.bigint())'),
  dice: agent('dice', 'Math.random()'),
  counter: agent('counter', '1', 'String(asked)'),
  environment: agent('environment', '({ names: Object.keys(process.env).sort(), files: process.cwd() })'),
  doomed: agent('doomed', "(() => { throw new RangeError('no way') })()"),
  changed: agent('changed', '1'),
  gone: agent('gone', '1'),
}
const pathOf = (name: string): string => `agents/${name}.agent.ts`

let postgres: TestPostgres
let database: TestDatabase
let project: Project
let server: Server
let closeHost: () => Promise<void>
const runs = new Map<string, string>()

async function start(): Promise<void> {
  const isolation = await createIsolation({ projectRoot: project.root })
  const catalog = await describeCatalog({ isolation, projectRoot: project.root })
  const findCode = openFindCode(project.root, join(project.root, 'unpacked'))
  const deps = { isolation, projectRoot: project.root, findCode, log: silentLog }
  const host = createAgentHost(deps)
  closeHost = () => host.close()
  const agents = { manifests: catalog.agents as AgentManifest[], host, own: createOwnAgents(deps) }
  server = await startServer({ db: database.db, world: createWorld(), signer, agents })
}
const signer = newSigner()

async function run(agentId: string): Promise<string> {
  const scope = { read: [], write: [], hosts: [] }
  const budget = { actions: 9, turns: 9 }
  const { runId } = await server.orchestrator.create(OWNER, { agentId, input: {}, scope, budget, priority: 5 })
  await server.until(runId, ({ finishedAt }) => finishedAt !== undefined)
  return runId
}

beforeAll(async () => {
  project = createProject(
    'replay-agents',
    Object.fromEntries(Object.entries(AGENTS).map(([name, text]) => [pathOf(name), text])),
  )
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  await start()
  for (const name of Object.keys(AGENTS)) runs.set(name, await run(name))
})
afterAll(async () => {
  await server?.stop()
  await closeHost?.()
  await database?.close()
  await postgres?.stop()
  project?.remove()
})

const replay = (name: string, request?: Parameters<Server['replayer']['replay']>[2]): Promise<ReplayReport> =>
  server.replayer.replay(OWNER, runs.get(name) ?? '', request)

describe('in the real sandbox of agents', () => {
  it.each(['steady', 'counter', 'environment', 'doomed'])('%s answers the same again', async (name) => {
    expect(await replay(name, { all: true })).toMatchObject({ outcome: 'same', divergences: [], unreplayed: [] })
  })

  it('a clock is found at the turn that looked at it, and a die where it was rolled', async () => {
    const clock = await replay('clock')
    expect(clock).toMatchObject({ outcome: 'diverged', stopped: true })
    expect(clock.divergences).toMatchObject([
      { kind: 'agent', turn: 1, entry: 'plan.proposed', differences: [{ pointer: '/plan/steps/0/input/text' }] },
    ])
    const dice = await replay('dice', { all: true })
    expect(dice.divergences).toMatchObject([
      { kind: 'agent', entry: 'agent.recognized', differences: [{ pointer: '/pattern' }] },
    ])
    expect(dice.stopped).toBe(false)
  })

  it('what depends on the moment is no divergence', async () => {
    const entries = structuredClone(await server.journal.readRun(runs.get('doomed') ?? ''))
    const failed = entries.find(({ header }) => header.kind === 'run.failed')
    Object.assign(failed?.payload ?? {}, { error: { code: 'agent_crashed', message: 'it ended' } })
    const report = await server.replayEntries(entries)
    expect(report).toMatchObject({ outcome: 'incomplete', unreplayed: [{ kind: 'agent', code: 'not_reproducible' }] })
  })

  it('many are replayed at once, and what each shows is told', async () => {
    const result = await server.replayer.replayRecorded(OWNER, {})
    expect(result).toMatchObject({ total: runs.size, failed: 0 })
    const found = result.runs.filter(({ outcome }) => outcome === 'diverged').map(({ agent: name }) => name)
    expect(found).toEqual(expect.arrayContaining(['clock@1.0.0', 'dice@1.0.0']))
    expect(result.byAgent).toEqual(
      expect.arrayContaining([{ agent: 'steady@1.0.0', total: 1, same: 1, diverged: 0, incomplete: 0, failed: 0 }]),
    )
  })

  it('is cancelled, with its processes', async () => {
    const stop = new AbortController()
    const going = server.replayer.replayRecorded(OWNER, {}, { signal: stop.signal, onProgress: () => stop.abort() })
    await expect(going).rejects.toMatchObject({ code: 'replay_cancelled' })
    expect(await server.replayer.replayRecorded(OWNER, { agentId: 'steady' })).toMatchObject({ same: 1 })
  })

  it('does not run twice at a time', async () => {
    const first = server.replayer.replayRecorded(OWNER, { agentId: 'steady' })
    await expect(server.replayer.replayRecorded(OWNER, {})).rejects.toMatchObject({ code: 'replay_running' })
    await first
  })
})

describe('another agent', () => {
  const module = (text: string) => ({
    module: { entrypoint: 'draft.agent.ts', files: [{ path: 'draft.agent.ts', text }] },
  })

  it('is asked at each turn about what was observed', async () => {
    const draft = agent('steady', '2', "'otherwise'", '1.1.0')
    const first = await replay('steady', { agent: module(draft) })
    expect(first).toMatchObject({
      against: 'agent',
      outcome: 'diverged',
      stopped: true,
      divergences: [{ entry: 'agent.recognized' }],
    })
    const all = await replay('steady', { agent: module(draft), all: true })
    expect(all.divergences).toMatchObject([
      { entry: 'agent.recognized' },
      { turn: 1, differences: [{ pointer: '/plan/steps/0/input/text', recorded: 'as always', now: 'otherwise' }] },
    ])
    expect(all.replayed).toEqual({ agent: 4 })
    expect(await replay('steady', { agent: { agentId: 'counter', version: '1.0.0' }, all: true })).toMatchObject({
      divergences: [{ turn: 1 }],
    })
  })

  it('that proposes what is no plan, fails or does not load is shown as it is', async () => {
    const twice = agent('steady', '1').replace("id: 'act'", "id: 'look'")
    const circle = await replay('steady', { agent: module(twice) })
    expect(circle.divergences[0]?.differences).toContainEqual(
      expect.objectContaining({ pointer: '/error', now: expect.objectContaining({ code: 'plan_invalid' }) }),
    )
    const broken = await replay('steady', { agent: module('export default 1') })
    expect(JSON.stringify(broken.divergences)).toContain('agent_crashed')
  })
})

describe('an agent whose code is not what it was', () => {
  beforeAll(async () => {
    project.write(pathOf('changed'), agent('changed', '2'))
    project.delete(pathOf('gone'))
  })

  it('is not asked, and the error says how to go on', async () => {
    await expect(replay('changed')).rejects.toMatchObject({
      code: 'agent_code_changed',
      advice: 'conflict',
      remedy: expect.stringContaining('--without-agent'),
    })
    await expect(replay('gone')).rejects.toMatchObject({
      code: 'agent_code_gone',
      remedy: expect.stringContaining('--agent-module'),
    })
    expect(await replay('steady')).toMatchObject({ outcome: 'same' })
  })

  it('leaves the rest of the run to be replayed', async () => {
    const report = await replay('gone', { withoutAgent: true })
    expect(report).toMatchObject({ outcome: 'incomplete', divergences: [] })
    expect(report.replayed).toMatchObject({ plan: 2, verdict: expect.any(Number), output: 1 })
    expect(report.unreplayed).toHaveLength(4)
    const { runs: told } = await server.replayer.replayRecorded(OWNER, { agentId: 'gone' })
    expect(told).toMatchObject([{ outcome: 'incomplete', why: expect.stringContaining('not in the catalogue') }])
  })

  it('is the same again for a server that starts without it', async () => {
    await server.stop()
    await closeHost()
    await start()
    await expect(replay('changed')).rejects.toMatchObject({ code: 'agent_code_changed' })
    expect(await replay('steady')).toMatchObject({ outcome: 'same' })
  })
})
