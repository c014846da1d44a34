import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import type { PoolConfig } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../apps/server/database/embedded.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PoolConfig
  }
}

/** Starts one PostgreSQL before the first file of a run, and stops it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'azt-'))
  const server = await startEmbedded(folder, silentLog)
  project.provide('postgres', server.connection)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
