import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { silentLog } from '@azora/base'
import { isTerminal, type RunDetail } from '@azora/contracts'
import { createDispatcher, createIsolation, type Dispatcher, describeCatalog } from '@azora/execution'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { ROOT, until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { patiently } from '../support/patiently.ts'
import { decisionOf, person } from '../support/people.ts'
import { processesWith } from '../support/processes.ts'
import { OWNER, type Server, startServer } from '../support/server.ts'
import { tempDir } from '../support/temp-dir.ts'
import { unpermittedIn } from '../support/unpermitted.ts'
import { createWorld } from '../support/world.ts'

// The real orchestrator, journal, PostgreSQL and dispatcher; nodes in processes of their own that are killed at random
// moments while sixty runs are under way. What an action does can be counted: a line with its key, in a file.
const RUNS = 60
const KILLS = 5
const NODES = ['a', 'b', 'c']
const CAPACITY = 6
const LIMIT_MS = 240_000
const POLL_MS = 500

/** @param idempotent such a skill looks whether its key is there before it writes */
const skillText = (name: string, idempotent: boolean): string => `
import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

export default defineSkill({
  skillId: 'effect.${name}',
  version: '1.0.0',
  title: '${name}',
  description: 'Writes its key into a file.',
  input: z.object({ file: z.string(), beforeMs: z.int(), afterMs: z.int() }),
  output: z.object({}),
  effects: ['write'],
  idempotent: ${idempotent},
  workspace: 'none',
  resources: { write: ['/file'] },
  async run({ file, beforeMs, afterMs }, { idempotencyKey }) {
    await wait(beforeMs)
    const known = ${idempotent} && readFileSync(file, 'utf8').includes(idempotencyKey)
    if (!known) appendFileSync(file, idempotencyKey + '\\n')
    await wait(afterMs)
    return {}
  },
})
`
const SHARED = ['node_modules', 'package.json', 'packages', 'services']
const PROGRAM = fileURLToPath(new URL('../support/node-process.ts', import.meta.url))
const ALICE = person('user:alice')

const folder = tempDir('node-loss')
const effects = join(folder.path, 'effects')
let postgres: TestPostgres
let database: TestDatabase
let dispatcher: Dispatcher
let plane: WebSocketServer
let server: Server
const nodes = new Map<string, ChildProcess>()

beforeAll(async () => {
  const projectRoot = join(realpathSync(folder.path), 'project')
  mkdirSync(join(projectRoot, '.git'), { recursive: true })
  mkdirSync(join(projectRoot, 'catalog/skills'), { recursive: true })
  for (const path of SHARED) symlinkSync(join(ROOT, path), join(projectRoot, path))
  writeFileSync(join(projectRoot, 'catalog/skills/effect.put.skill.ts'), skillText('put', true))
  writeFileSync(join(projectRoot, 'catalog/skills/effect.add.skill.ts'), skillText('add', false))
  writeFileSync(effects, '')
  const { skills, errors } = await describeCatalog({
    isolation: await createIsolation({ projectRoot }),
    projectRoot,
  })
  expect(errors).toEqual([])

  postgres = await openPostgres()
  database = await postgres.createDatabase()
  const signer = newSigner()
  dispatcher = createDispatcher({
    log: silentLog,
    recordRefusal: (refusal) => recordRefusalIn(server.journal)(refusal),
  })
  plane = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  plane.on('connection', (socket, request) => dispatcher.attach(socket, `node:${request.url?.slice(1)}`))
  const options = { db: database.connect(), world: createWorld(), signer, performer: dispatcher, skills }
  server = await startServer({ ...options, concurrency: RUNS })
  for (const name of NODES) startNode(name, projectRoot)
  await until(() => dispatcher.nodes().length === NODES.length, 60_000, 'the nodes to connect')
})
afterAll(async () => {
  const all = [...nodes.values()]
  nodes.clear()
  for (const node of all) node.kill('SIGKILL')
  await server?.stop()
  await dispatcher?.close()
  plane?.close()
  await database?.close()
  await postgres?.stop()
  folder.remove()
})

function startNode(name: string, projectRoot: string): void {
  const dataDir = join(folder.path, `data-${name}`)
  mkdirSync(dataDir, { recursive: true })
  const url = `ws://127.0.0.1:${(plane.address() as AddressInfo).port}/${name}`
  const options = { url, name, capacity: CAPACITY, journalKey: server.journal.status().key, dataDir, projectRoot }
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], { stdio: ['ignore', 'ignore', 'inherit'] })
  nodes.set(name, child)
  child.once('exit', () => nodes.get(name) === child && startNode(name, projectRoot))
}

const stepOf = (id: string, skill: string, spread: number) => ({
  id,
  skill,
  input: { file: effects, beforeMs: spread % 40, afterMs: (spread * 7) % 60 },
})

/** What people do about actions of which nobody knows how they ended: they let them be. */
async function settleReviews(): Promise<void> {
  for (const review of (await server.orchestrator.reviews(OWNER)).items) {
    expect(review.cause).toBe('outcome_unknown')
    expect(review.skill).toBe('effect.add')
    await server.orchestrator.decide(ALICE, review.reviewId, decisionOf(ALICE, review, 'deny'))
  }
}

async function lastStates(runIds: readonly string[]): Promise<RunDetail[]> {
  const limit = Date.now() + LIMIT_MS
  const ended: RunDetail[] = []
  let open = [...runIds]
  while (open.length > 0) {
    if (Date.now() > limit) throw new Error(`runs are stuck: ${open.join()}`)
    await wait(POLL_MS)
    await patiently(settleReviews)
    for (const runId of open) {
      const run = await patiently(() => server.orchestrator.show(OWNER, runId))
      if (isTerminal(run.state)) ended.push(run)
    }
    open = open.filter((runId) => !ended.some(({ id }) => id === runId))
  }
  return ended
}

describe('nodes that are killed under load', () => {
  it('leave no run stuck and no effect twice', async () => {
    const scope = { read: [], write: [effects], hosts: [] }
    const runIds = await Promise.all(
      Array.from({ length: RUNS }, (_, at) =>
        server.run([[at % 2 ? stepOf('put', 'effect.put', at) : stepOf('add', 'effect.add', at)]], { scope }),
      ),
    )
    const ending = lastStates(runIds)
    let interrupted = 0
    for (let kill = 0; kill < KILLS; kill += 1) {
      await wait(400 + Math.random() * 1_500)
      const busiest = dispatcher.nodes().sort((a, b) => b.busy - a.busy)[0]
      interrupted += busiest?.busy ?? 0
      nodes.get(busiest?.node ?? 'a')?.kill('SIGKILL')
    }
    const runs = await ending
    expect(interrupted, 'the kills hit actions under way').toBeGreaterThan(KILLS)

    const lines = readFileSync(effects, 'utf8').trim().split('\n')
    expect(lines.length, 'no effect twice').toBe(new Set(lines).size)
    const done = runs.flatMap(({ id, actions }) =>
      actions.filter(({ state }) => state === 'succeeded').map(({ stepId }) => `${id}:${stepId}`),
    )
    expect(
      done.filter((key) => !lines.includes(key)),
      'what succeeded has taken effect',
    ).toEqual([])
    const puts = runs.flatMap(({ actions }) => actions.filter(({ stepId }) => stepId === 'put'))
    expect(puts.map(({ state }) => state)).toEqual(Array.from({ length: RUNS / 2 }, () => 'succeeded'))
    const entries = await server.journal.read(0, 20_000)
    expect(unpermittedIn(entries)).toEqual([])
    await until(() => processesWith('effect.') === 0, 10_000, 'sandboxes of dead nodes to be gone')
  })
})
