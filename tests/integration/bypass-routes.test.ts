import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import {
  type Effect,
  type Entry,
  type GivenRole,
  isStateful,
  isTerminal,
  type Operation,
  operation,
  type ReviewView,
  type Role,
  type RunState,
  VerifyRequest,
} from '@azora/contracts'
import { createIsolation } from '@azora/execution'
import { createIdentity, rolesThatMay } from '@azora/identity'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { composePlatform, type Platform } from '../../apps/server/compose.ts'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { type OpenApiDocument, pathOf } from '../../apps/server/http/openapi/document.ts'
import { serve } from '../../apps/server/http/serve.ts'
import { type DataDir, openDataDir } from '../../apps/server/local/data-dir.ts'
import { openOwnerKeys } from '../../apps/server/local/owner-key.ts'
import { ROOT, until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import {
  addressOf,
  bearer,
  bodySchemaOf,
  byBearer,
  guarded,
  openDoors,
  STATEFUL,
  WRONG_TOKENS,
} from '../support/doors.ts'
import { startNode } from '../support/node-in-process.ts'
import { decisionOf, person } from '../support/people.ts'
import * as repositories from '../support/repositories.ts'
import { type Hints, samplesOf } from '../support/sample.ts'
import { tempDir } from '../support/temp-dir.ts'
import { unpermittedIn } from '../support/unpermitted.ts'

// The whole platform as it is composed, with every route that it has and one that is planted to show that a new one is
// found and called without being named.
const PLANTED = operation({
  method: 'POST',
  path: '/api/v1/planted/{runId}',
  summary: 'Planted',
  permission: 'run.create',
  scope: 'tenant',
  body: VerifyRequest,
  responses: { 200: z.strictObject({}) },
})
const folder = tempDir('routes')
let postgres: TestPostgres
let database: TestDatabase
let dataDir: DataDir
let platform: Platform
let app: App
let stopNode: () => Promise<void>
const plantedCalls: string[] = []

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  dataDir = await openDataDir(join(folder.path, 'data'), 'azora/test')
  const { connection } = database
  const ownerKeys = await openOwnerKeys(dataDir.path, undefined)
  platform = await composePlatform({ connection, dataDir, ownerKeys, log: silentLog, onFenced: () => {} })
  app = platform.app
  for (const method of ['POST', 'PATCH'] as const) {
    serve(app, { ...PLANTED, method }, async ({ body }) => {
      plantedCalls.push(body.skillId)
      return {}
    })
  }
  await app.listen({ host: '127.0.0.1', port: 0 })
  stopNode = startNode({
    url: `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1/nodes/connect`,
    token: dataDir.nodeToken,
    journalKey: dataDir.journalSigner.verifier.text,
    dataDir: dataDir.path,
    projectRoot: ROOT,
    name: 'local',
    isolation: await createIsolation({ projectRoot: ROOT }),
  })
  await until(async () => (await get<{ nodes: unknown[] }>('/api/v1/status')).nodes.length === 1, 20_000, 'the node')
})
afterAll(async () => {
  await stopNode?.()
  await platform?.close()
  await database?.close()
  await postgres?.stop()
  folder.remove()
})

async function get<T>(url: string): Promise<T> {
  return (await app.inject({ method: 'GET', url, headers: bearer(dataDir.ownerToken) })).json()
}

/** Adds somebody as the owner; answers the token. */
async function addPrincipal(id: string, role: GivenRole, keys = person(id).keys): Promise<string> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/v1/principals',
    headers: bearer(dataDir.ownerToken),
    payload: { id, roles: [role], keys },
  })
  return answer.json<{ token: string }>().token
}

/** The journal as it is stored, whatever the routes say about it. */
async function journaled(): Promise<Entry[]> {
  const { rows } = await database.db.query<{ header: string; payload: string }>(
    'select header, payload from journal.entry order by index',
  )
  return rows.map(({ header, payload }) => ({ header: JSON.parse(header), payload: JSON.parse(payload), salt: '' }))
}

const served = (): string[] => app.routeTable.map(({ operation }) => `${operation.method} ${pathOf(operation)}`)

const mayCall = (permission: Operation['permission'], role: Role): boolean =>
  permission === 'public' || rolesThatMay(permission).includes(role)

describe('every route', () => {
  it('is in the table, also one that was added later', () => {
    expect(served()).toEqual(
      expect.arrayContaining([`POST ${PLANTED.path}`, `PATCH ${PLANTED.path}`, 'POST /api/v1/orchestrator/execute']),
    )
  })

  it('is in the served document, and nothing else is', async () => {
    const { paths } = await get<OpenApiDocument>('/api/v1/openapi.json')
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(described.sort()).toEqual(
      served()
        .filter((name) => !name.endsWith(PLANTED.path))
        .sort(),
    )
  })

  it('refuses a stranger with 401, and leaves no trace in the journal', async () => {
    const before = await journaled()
    expect(await openDoors(app)).toEqual([])
    expect(await journaled()).toEqual(before)
    expect(plantedCalls).toEqual([])
  })

  it.each(['node', 'reviewer', 'auditor', 'witness'] as const)(
    'refuses the token of a %s with 403 where it has no business, and leaves no trace either',
    async (role) => {
      const token = role === 'node' ? dataDir.nodeToken : await addPrincipal(`user:some-${role}`, role)
      const before = (await journaled()).length
      const closed = guarded(app).filter(({ route: { operation } }) => !mayCall(operation.permission, role))
      expect(closed.length).toBeGreaterThan(10)
      for (const { method, route } of closed) {
        const answer = await app.inject({ method: method as 'GET', url: addressOf(route), headers: bearer(token) })
        expect([method, route.url, answer.statusCode]).toEqual([method, route.url, 403])
      }
      expect((await journaled()).length).toBe(before)
    },
  )

  it('would be noticed if it were open', async () => {
    const identity = await createIdentity({ db: database.db })
    const careless = await createApp({ resolve: byBearer(identity), origin: () => '', log: silentLog })
    const bare = { summary: 'Bare', responses: { 200: z.strictObject({}) } }
    serve(
      careless,
      { ...bare, method: 'PUT', path: '/open/{id}', permission: 'public', scope: 'none' },
      async () => ({}),
    )
    serve(
      careless,
      { ...bare, method: 'POST', path: '/shut', permission: 'run.create', scope: 'tenant' },
      async () => ({}),
    )
    const found = await openDoors(careless)
    expect(found.length).toBe(WRONG_TOKENS.length)
    expect(found).toEqual(found.map(() => expect.stringMatching(/^PUT \/open\/:id answers 200/)))
    await careless.close()
  })
})

describe('no route', () => {
  it('makes a stateful skill act that was not allowed before', async () => {
    mkdirSync(join(folder.path, 'repos'))
    const repository = repositories.javascript(join(folder.path, 'repos', 'app'))
    await callAll(await hintsFor(repository))
    await untilSettled()
    const entries = await journaled()
    expect(unpermittedIn(entries)).toEqual([])
    // Something did act, or nothing would have been shown.
    const started = entries.filter(({ header }) => header.kind === 'action.started')
    expect(started.length).toBeGreaterThan(0)
    expect(plantedCalls.length).toBeGreaterThan(0)
    const verdicts = entries.flatMap((entry) => (isVerified(entry) ? [entry.payload.result.verdict] : []))
    expect(verdicts).toContain('deny')
  })

  it('could do so unnoticed', async () => {
    const entries = await journaled()
    const started = entries.find(({ header }) => header.kind === 'action.started')
    const { actionDigest } = (started?.payload ?? {}) as { actionDigest: string }
    const isVerdict = (entry: Entry): boolean =>
      isVerified(entry) && entry.payload.permission?.actionDigest === actionDigest
    expect(unpermittedIn(entries.filter((entry) => !isVerdict(entry)))).toEqual([
      expect.stringContaining('action.started without a verdict'),
    ])
    expect(unpermittedIn(entries.filter((entry) => entry !== started))).toEqual([
      expect.stringContaining('action.finished without having started'),
    ])
    const denied = entries.map((entry) =>
      isVerdict(entry) && isVerified(entry)
        ? ({ ...entry, payload: { ...entry.payload, result: { ...entry.payload.result, verdict: 'deny' } } } as Entry)
        : entry,
    )
    expect(unpermittedIn(denied)).toContainEqual(expect.stringContaining('permits what is not allowed'))
  })
})

const isVerified = (entry: Entry): entry is Entry<'action.verified'> => entry.header.kind === 'action.verified'

/** What routes take, where they take something of these names: all that could lead to an action. */
async function hintsFor(repository: string): Promise<Hints> {
  const skills = (await get<{ items: Array<{ skillId: string; effects: Effect[] }> }>('/api/v1/skills')).items
  const agents = (await get<{ items: Array<{ agentId: string }> }>('/api/v1/agents')).items
  return {
    skillId: skills.filter(({ effects }) => isStateful(effects)).map(({ skillId }) => skillId),
    skill: skills.filter(({ effects }) => isStateful(effects)).map(({ skillId }) => skillId),
    agentId: agents.map(({ agentId }) => agentId),
    input: [
      { repository },
      {
        repository,
        directory: 'repo',
        branch: 'azora/planted',
        files: [{ path: 'a', content: 'a' }],
        message: 'm',
        base: null,
      },
      { repository, branch: 'main', target: repositories.git(repository, 'rev-parse', 'HEAD') },
    ],
    scope: [{ read: [], write: [repository], hosts: [] }],
  }
}

/** Calls every stateful route as its owner with all that its schema lets one say, then again for the runs that came of it. */
async function callAll(hints: Hints): Promise<void> {
  const routes = guarded(app).filter(({ method }) => STATEFUL.has(method))
  expect(routes.map(({ route }) => route.url)).toContain('/api/v1/planted/:runId')
  for (const round of [0, 1]) {
    const runs = (await get<{ items: Array<{ runId: string }> }>('/api/v1/runs')).items.map(({ runId }) => runId)
    const known: Hints = round === 0 ? hints : { ...hints, runId: runs.slice(0, 3) }
    for (const { method, route } of routes) {
      for (const payload of samplesOf(bodySchemaOf(route), known)) {
        const url = route.url.replace(':runId', runs[0] ?? randomUUID()).replaceAll(/:\w+/g, () => randomUUID())
        const headers = bearer(dataDir.ownerToken)
        await app.inject({ method: method as 'POST', url, headers, payload: payload as object })
      }
    }
    await untilSettled()
    await decideReviews(round === 0 ? 'approve' : 'deny')
    await untilSettled()
  }
}

/** Resolves when no run will act any more unless somebody says so. */
const untilSettled = (): Promise<void> =>
  until(
    async () => {
      const { items } = await get<{ items: Array<{ state: RunState }> }>('/api/v1/runs?limit=200')
      return items.every(({ state }) => isTerminal(state) || state === 'awaiting_review' || state === 'paused')
    },
    120_000,
    'all runs to settle',
  )

async function decideReviews(decision: 'approve' | 'deny'): Promise<void> {
  const { items } = await get<{ items: ReviewView[] }>('/api/v1/reviews')
  const name = `user:${decision}r`
  const reviewer = person(name)
  const token = await addPrincipal(name, 'reviewer', reviewer.keys)
  for (const review of items) {
    await app.inject({
      method: 'POST',
      url: `/api/v1/reviews/${review.reviewId}`,
      headers: bearer(token),
      payload: decisionOf(reviewer, review, decision),
    })
  }
}
