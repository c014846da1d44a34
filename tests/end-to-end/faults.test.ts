import { randomUUID } from 'node:crypto'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { createDb } from '@azora/base/db'
import { localServer, ownerToken } from '@azora/sdk/client'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createCli, until } from '../support/cli.ts'
import { embeddedUrl } from '../support/database.ts'
import { patiently } from '../support/patiently.ts'
import { freeze, killHard } from '../support/processes.ts'
import * as repositories from '../support/repositories.ts'
import { clientOf, expectWhole, requestFor, startStewarded, untilEntry } from '../support/stewarded.ts'
import { upForTests } from '../support/up.ts'

const { folder, dataDir, cli, ended } = upForTests('faults')
// Clock jumps are the simulator's: it owns the clock of the same code (tests/simulation).
const repos = join(folder, 'repos')
let thaw: (() => void) | undefined

beforeAll(async () => {
  mkdirSync(repos)
})
afterEach(() => thaw?.())

/** A plain request, which nothing repeats. */
async function ask(method: string, path: string, body?: unknown, key?: string): Promise<Response> {
  const [server, token] = await Promise.all([localServer(dataDir), ownerToken(dataDir)])
  return fetch(`${server?.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(90_000),
  })
}

describe('a PostgreSQL that stands still', () => {
  it('is told to callers instead of keeping them; once it goes on, so do the runs, each effect once', async () => {
    const client = await clientOf(dataDir)
    const run = await startStewarded(client, repos, 'database-frozen')
    await untilEntry(client, run.runId, 'action.verified', 'publish')
    thaw = freeze('database', dataDir)

    const key = randomUUID()
    const repository = repositories.javascript(join(repos, 'created-meanwhile'))
    const creating = ask('POST', '/orchestrator/manage', requestFor(repository), key)
    const answer = await ask('GET', `/runs/${run.runId}`)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect(await answer.json()).toMatchObject({ code: 'database_unreachable' })
    thaw()

    const first = await creating
    expect([201, 503]).toContain(first.status)
    const { runId } = await patiently(() => client.manage(requestFor(repository), { idempotencyKey: key }))
    if (first.status === 201) expect(await first.json()).toMatchObject({ runId })
    await expectWhole(client, dataDir, run)
    await expectWhole(client, dataDir, { runId, repository })
  })
})

describe('a node that stands still', () => {
  it('is given up, and what it was doing is done once', async () => {
    const client = await clientOf(dataDir)
    const run = await startStewarded(client, repos, 'node-frozen')
    await untilEntry(client, run.runId, 'action.started', 'publish')
    thaw = freeze('node', dataDir)
    const isReady = async () => (await client.nodes()).some(({ state }) => state === 'ready')
    await until(async () => !(await isReady()), 60_000, 'the node to be given up')
    thaw()
    await until(isReady, 30_000, 'the node to be back')
    await expectWhole(client, dataDir, run)
  })
})

/** Goes up with each server that takes the journal over. */
async function storedEpoch(): Promise<string | undefined> {
  const db = createDb({ connection: { connectionString: embeddedUrl(dataDir) }, max: 1, log: silentLog })
  const { rows } = await db.query<{ epoch: string }>('select epoch from journal.shard')
  await db.close()
  return rows[0]?.epoch
}

describe('a second server', () => {
  it('with the same data directory says who has it, and leaves the first alone', async () => {
    const second = await cli.run('up', '--port', '0')
    expect(second.code).toBe(6)
    expect(second.stderr).toContain('a server with this data directory runs already')
    expect(second.stderr).toMatch(/stop it with kill \d+, or choose another directory with --data/)
    expect((await ask('GET', '/runs')).status).toBe(200)
  })

  it('with the same database but other keys is turned away, with a remedy', async () => {
    const before = await storedEpoch()
    const other = join(folder, 'other')
    const second = await createCli(other, { DATABASE_URL: embeddedUrl(dataDir) }).run('server', '--port', '0')
    expect(second.code).toBe(6)
    expect(second.stderr).toContain("is not signed by this server's key")
    expect(second.stderr).toContain('Start with the data directory whose key signed it')
    // The first one stays in office; it would notice within 5 s if it didn't.
    expect(await storedEpoch()).toBe(before)
  })

  it('with the same database and keys takes over; the first one says so and ends', async () => {
    const run = await startStewarded(await clientOf(dataDir), repos, 'taken-over')
    const copy = join(folder, 'copy')
    cpSync(dataDir, copy, { recursive: true, filter: (path) => !/\/(postgres|server\.json)$/.test(path) })
    const other = createCli(copy, { DATABASE_URL: embeddedUrl(dataDir) })
    await other.up()
    try {
      const { code, stderr } = await ended()
      expect(code).toBe(75)
      expect(stderr).toContain('another server has taken over journal shard azora/main')
      expect(stderr).toContain('Let only one server use a database')
      // It goes on with what the first one accepted; workspaces are the first one's node's, so not how it ends.
      expect(await (await clientOf(copy)).run(run.runId)).toMatchObject({ input: { repository: run.repository } })
    } finally {
      await other.stop()
      killHard('database', dataDir)
    }
  })
})
