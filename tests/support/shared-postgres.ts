import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { createDb } from '@azora/base/db'
import type { PoolConfig } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../apps/server/database/embedded.ts'

/** Several files of tests at a time, each with servers that died and keep their connections. */
const CONNECTIONS_MAX = 200

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PoolConfig
  }
}

/** Starts one PostgreSQL before the first file of a run, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'azt-'))
  const server = await startEmbedded(folder, silentLog, CONNECTIONS_MAX)
  await forgetPowerCuts(server.connection)
  project.provide('postgres', server.connection)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Nothing kills this one, and it is thrown away: what waits for the disk would wait for nothing. */
async function forgetPowerCuts(connection: PoolConfig): Promise<void> {
  const db = createDb({ connection, max: 1, log: silentLog })
  for (const setting of ['fsync', 'full_page_writes']) await db.query(`alter system set ${setting} = off`)
  await db.query('select pg_reload_conf()')
  await db.close()
}
