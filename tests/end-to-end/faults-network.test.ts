import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { localServer } from '@azora/sdk/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCli, serverPid, until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { type Cuttable, startProxy } from '../support/proxy.ts'
import { clientOf, expectWhole, startStewarded } from '../support/stewarded.ts'
import { tempDir } from '../support/temp-dir.ts'

const folder = tempDir('faults-network')
const repos = join(folder.path, 'repos')
const dataDir = join(folder.path, 'data')
let postgres: TestPostgres
let database: TestDatabase
const lines: Partial<Record<'database' | 'node', Cuttable>> = {}
let cli: ReturnType<typeof createCli> | undefined

beforeAll(async () => {
  mkdirSync(repos)
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  const { host, port, user, password, database: name } = database.connection
  lines.database = await startProxy({ path: `${host}/.s.PGSQL.${port}` })
  cli = createCli(dataDir, {
    DATABASE_URL: `postgresql://${user}:${password}@127.0.0.1:${lines.database.port}/${name}`,
  })
  cli.start('server', '--port', '0')
  await until(() => serverPid(dataDir) !== undefined, 60_000, 'the server to be ready')
  const { port: served } = new URL((await localServer(dataDir))?.url ?? '')
  lines.node = await startProxy({ host: '127.0.0.1', port: Number(served) })
  cli.start('node', '--url', `ws://127.0.0.1:${lines.node.port}/api/v1/nodes/connect`, '--drain', '0')
})
afterAll(async () => {
  await cli?.stop()
  for (const line of Object.values(lines)) await line.stop()
  await database?.close()
  await postgres?.stop()
  folder.remove()
})

describe('a line that is cut in the midst of a run, again and again', () => {
  it.each(['database', 'node'] as const)('to the %s loses nothing and does nothing twice', async (line) => {
    const client = await clientOf(dataDir)
    const run = await startStewarded(client, repos, line)
    let cuts = 0
    // In the midst of each action; of the database, also while the next entry is on its way. A node that is lost again
    // and again in one action is given up, so its line is cut once in each.
    const cut = new Set<unknown>()
    for await (const { header, payload } of client.events(run.runId)) {
      const { stepId } = (payload ?? {}) as { stepId?: string }
      if (line === 'node' && (header.kind !== 'action.started' || cut.has(stepId))) continue
      cut.add(stepId)
      cuts += lines[line]?.cut() ?? 0
    }
    await expectWhole(client, dataDir, run)
    expect(cuts).toBeGreaterThan(1)
  })
})
