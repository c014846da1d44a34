import type { AddressInfo } from 'node:net'
import { silentLog } from '@azora/base'
import { ConsistencyProof, InclusionProof } from '@azora/contracts'
import { createIdentity, createToken, type Role } from '@azora/identity'
import type { Journal } from '@azora/journal'
import {
  isConsistent,
  isProvedBy,
  leafHash,
  openCheckpoint,
  parseEntryBundle,
  parseHashTile,
  parseTlogProof,
  parseVerifier,
  rootFromInclusion,
  type Verifier,
} from '@azora/proof'
import { type Client, createClient } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { checkpointRoutes } from '../../apps/server/http/routes/checkpoints.ts'
import { journalProofRoutes } from '../../apps/server/http/routes/journal-proofs.ts'
import { journalTileRoutes } from '../../apps/server/http/routes/journal-tiles.ts'
import { until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { bearer, byBearer } from '../support/doors.ts'
import { newRunId, newSigner, note, openJournal } from '../support/journal.ts'

const SIZE = 300
const LOG = '/api/v1/journal/test'
const ROLES: Role[] = ['owner', 'reviewer', 'auditor', 'witness', 'node']
const tokens = Object.fromEntries(ROLES.map((role) => [role, createToken()])) as Record<Role, string>
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let app: App
let client: Client
let verifier: Verifier

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  journal = await openJournal(database.db, { signer: newSigner() })
  const identity = await createIdentity({ db: database.db })
  for (const role of ROLES) {
    await identity.assign(tokens[role], { id: `user:${role}`, tenant: 'default', roles: [role], keys: [] })
  }
  app = await createApp({ resolve: byBearer(identity), origin: () => '', log: silentLog })
  checkpointRoutes(app, { journal, witnesses: undefined })
  journalProofRoutes(app, journal)
  journalTileRoutes(app, journal)
  await app.listen({ host: '127.0.0.1', port: 0 })
  client = createClient({
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    token: tokens.witness,
  })
  verifier = parseVerifier(journal.status().key) as Verifier
  const run = newRunId()
  await Promise.all(Array.from({ length: SIZE }, (_, at) => journal.append(note(run, `${at}`))))
  await until(async () => journal.publishedCheckpoint().size === SIZE, 10_000, 'the last checkpoint')
})
afterAll(async () => {
  await app?.close()
  await journal?.close()
  await database?.close()
  await postgres?.stop()
})

const get = (path: string, role: Role = 'owner') =>
  app.inject({ method: 'GET', url: `${LOG}${path}`, headers: bearer(tokens[role]) })

describe('a witness', () => {
  it('follows the log with what the client reads', async () => {
    const checkpoint = openCheckpoint(await client.checkpoint('test'), verifier)
    if (!checkpoint) expect.unreachable()
    const { index, size, leaf, path } = await client.inclusionProof('test', { index: 7 })
    expect([index, size]).toEqual([7, SIZE])
    const nodes = path.map((node) => Buffer.from(node, 'base64'))
    expect(rootFromInclusion(7, SIZE, Buffer.from(leaf, 'base64'), nodes)).toEqual(checkpoint.root)
    const older = await client.consistencyProof('test', { from: 1, to: SIZE })
    const first = parseHashTile(await client.tile('test', 'tile/0/000.p/1'), 1)?.[0] as Uint8Array
    const oldPath = older.path.map((node) => Buffer.from(node, 'base64'))
    expect(isConsistent({ size: 1, root: first }, checkpoint, oldPath)).toBe(true)
    const proof = parseTlogProof(await client.entryProof('test', 7))
    expect(isProvedBy(proof as NonNullable<typeof proof>, Buffer.from(leaf, 'base64'), checkpoint)).toBe(true)
  })

  it('never sees who did what', async () => {
    for (const path of ['/tile/entries/000', '/tile/entries/001.p/44'])
      expect((await get(path, 'witness')).statusCode).toBe(403)
    // The other door, with the address in another writing.
    for (const path of ['/tile/entries%2F000', '/tile/%65ntries/000', '/tile/./entries/000', '/tile//entries/000'])
      expect([403, 404], path).toContain((await get(path, 'witness')).statusCode)
  })
})

describe('answers', () => {
  it('are a signed note that is not kept', async () => {
    const answer = await get('/checkpoint')
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' })
    expect(answer.body).toBe(journal.publishedCheckpoint().note)
  })

  it('are proofs as JSON', async () => {
    expect(InclusionProof.parse((await get('/proof/inclusion?index=0&size=1')).json())).toMatchObject({ path: [] })
    expect(ConsistencyProof.parse((await get('/proof/consistency?from=0')).json())).toEqual({
      from: 0,
      to: SIZE,
      path: [],
    })
  })

  it('are tiles that are kept for good', async () => {
    const answer = await get('/tile/0/000', 'witness')
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'cache-control': 'private, max-age=31536000, immutable',
    })
    expect(answer.rawPayload).toHaveLength(8_192)
    const bundle = await get('/tile/entries/000', 'auditor')
    const entries = parseEntryBundle(bundle.rawPayload, 256) ?? []
    const hashes = parseHashTile(answer.rawPayload, 256) ?? []
    expect(entries.map((entry) => [...leafHash(entry)])).toEqual(hashes.map((hash) => [...hash]))
    expect(JSON.parse(Buffer.from(entries[255] as Uint8Array).toString())).toMatchObject({ index: 255 })
  })
})

describe('nobody', () => {
  const allowed: Array<[path: string, roles: Role[]]> = [
    ['/checkpoint', ['owner', 'reviewer', 'auditor', 'witness']],
    ['/proof/inclusion?index=1', ['owner', 'reviewer', 'auditor', 'witness']],
    ['/proof/consistency?from=1', ['owner', 'reviewer', 'auditor', 'witness']],
    ['/proof/entry/1', ['owner', 'reviewer', 'auditor', 'witness']],
    ['/tile/1/000.p/1', ['owner', 'reviewer', 'auditor', 'witness']],
    ['/tile/entries/000', ['owner', 'auditor']],
  ]
  it.each(allowed)('reads %s but %j', async (path, roles) => {
    for (const role of ROLES)
      expect([role, (await get(path, role)).statusCode]).toEqual([role, roles.includes(role) ? 200 : 403])
    expect((await app.inject({ method: 'GET', url: `${LOG}${path}` })).statusCode).toBe(401)
  })
})

describe('bad requests', () => {
  it.each([
    ['/proof/inclusion', 'invalid_request'],
    ['/proof/inclusion?index=-1', 'invalid_request'],
    ['/proof/inclusion?index=1e2', 'invalid_request'],
    ['/proof/inclusion?index=01', 'invalid_request'],
    ['/proof/inclusion?index=', 'invalid_request'],
    ['/proof/inclusion?index=9007199254740993', 'invalid_request'],
    ['/proof/inclusion?index=1&more=1', 'invalid_request'],
    ['/proof/inclusion?index=1&index=2', 'invalid_request'],
    ['/proof/inclusion?index=300', 'proof_out_of_range'],
    ['/proof/inclusion?index=1&size=301', 'proof_out_of_range'],
    ['/proof/consistency', 'invalid_request'],
    ['/proof/consistency?from=2&to=1', 'proof_out_of_range'],
    ['/proof/consistency?from=2&to=301', 'proof_out_of_range'],
    ['/proof/entry/x', 'invalid_request'],
    ['/proof/entry/300', 'proof_out_of_range'],
  ])('%s is told %s', async (path, code) => {
    const answer = await get(path)
    expect([answer.statusCode, answer.json().code]).toEqual([400, code])
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  it.each(['/tile/0/002', '/tile/0/001', '/tile/0/001.p/45', '/tile/1/000.p/2', '/tile/x/000', '/tile/0/0', '/tile/'])(
    '%s is no tile',
    async (path) => {
      const answer = await get(path)
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'tile_not_found'])
    },
  )

  it.each([
    'checkpoint',
    'checkpoints',
    'proof/inclusion?index=0',
    'proof/consistency?from=0',
    'proof/entry/0',
    'tile/0/000',
  ])('another shard has no %s', async (path) => {
    for (const shard of ['other', 'azora%2Ftest', 'TEST']) {
      const answer = await app.inject({ url: `/api/v1/journal/${shard}/${path}`, headers: bearer(tokens.owner) })
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'shard_not_found'])
    }
  })
})
