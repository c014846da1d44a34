import type { AddressInfo } from 'node:net'
import { silentLog } from '@azora/base'
import type { EntryKind } from '@azora/contracts'
import { createDispatcher, createIsolation, type Dispatcher, describeCatalog } from '@azora/execution'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { startNode } from '../support/node-in-process.ts'
import { createProject, type Project } from '../support/project.ts'
import { type Server, startServer } from '../support/server.ts'
import { tempDir } from '../support/temp-dir.ts'
import { createWorld } from '../support/world.ts'

const MAKE = `
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

export default defineSkill({
  skillId: 'big.make',
  version: '1.0.0',
  title: 'Make',
  description: 'Answers as many bytes as it is asked for.',
  input: z.object({ bytes: z.int(), taken: z.array(z.string()).optional() }),
  output: z.object({ text: z.string() }),
  effects: ['read'],
  idempotent: true,
  workspace: 'none',
  limits: { outputBytes: 16_777_216 },
  run: ({ bytes }) => ({ text: 'x'.repeat(bytes) }),
})
`
const MIB = 1024 * 1024
const folder = tempDir('large-inline')
let project: Project
let postgres: TestPostgres
let database: TestDatabase
let dispatcher: Dispatcher
let plane: WebSocketServer
let server: Server
let stopNode = async (): Promise<void> => {}

beforeAll(async () => {
  project = createProject('large-inline-project', { 'skills/big.make.skill.ts': MAKE })
  const isolation = await createIsolation({ projectRoot: project.root })
  const { skills, errors } = await describeCatalog({ isolation, projectRoot: project.root })
  expect(errors).toEqual([])
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  const signer = newSigner()
  dispatcher = createDispatcher({
    log: silentLog,
    recordRefusal: (refusal) => recordRefusalIn(server.journal)(refusal),
  })
  plane = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  plane.on('connection', (socket) => dispatcher.attach(socket, 'node:test'))
  server = await startServer({ db: database.connect(), world: createWorld(), signer, performer: dispatcher, skills })
  stopNode = startNode({
    url: `ws://127.0.0.1:${(plane.address() as AddressInfo).port}`,
    token: 'none',
    journalKey: signer.verifier.text,
    dataDir: folder.path,
    projectRoot: project.root,
    isolation,
  })
})
afterAll(async () => {
  await stopNode()
  await server?.stop()
  await dispatcher?.close()
  plane?.close()
  await database?.close()
  await postgres?.stop()
  project.remove()
  folder.remove()
})

/** Tries again whatever went wrong, as far as a caller can ask for it. */
const retry = { attempts: 5, firstMs: 5, retryable: ['limit_output', 'input_too_large', 'request_too_large'] }
const make = (id: string, bytes: number, more: object = {}) => ({
  id,
  skill: 'big.make',
  input: { bytes, ...more },
  retry,
})
const endOf = async (steps: object[]) => {
  const runId = await server.run([steps], { input: { outputs: {} } })
  const { actions } = await server.until(runId, ({ finishedAt }) => finishedAt !== undefined)
  const kinds = (await server.journal.readRun(runId)).map(({ header }) => header.kind)
  return { actions, count: (kind: EntryKind) => kinds.filter((other) => other === kind).length }
}

it('an output that is larger than goes inline fails its action at the first attempt', async () => {
  const { actions, count } = await endOf([make('record', 7 * MIB), make('limit', 20 * MIB)])
  expect(actions.map(({ state, error }) => [state, error?.code])).toEqual([
    ['failed', 'limit_output'],
    ['failed', 'limit_output'],
  ])
  expect(actions[0]?.error?.message).toContain(`larger than ${6 * MIB} bytes`)
  expect(count('action.verified')).toBe(2)
})

it('an input that is larger than goes inline is no action, whatever its retry policy says', async () => {
  const taken = ['a', 'b'].map((id) => ({ $step: id, $pointer: '/text' }))
  const steps = [make('a', 4 * MIB), make('b', 4 * MIB), { ...make('c', 1, { taken }), after: ['a', 'b'] }]
  const { actions, count } = await endOf(steps)
  expect(actions[2]).toMatchObject({ state: 'invalid', error: { code: 'input_too_large' } })
  expect(actions[2]?.error?.message).toContain(`goes inline up to ${6 * MIB}`)
  expect([count('action.invalid'), count('action.verified')]).toEqual([1, 2])
})
