import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import type { Entry } from '@azora/contracts'
import { composePlatform, type PlatformOptions } from '../../apps/server/compose.ts'
import { type DataDir, openDataDir } from '../../apps/server/local/data-dir.ts'
import { openOwnerKeys } from '../../apps/server/local/owner-key.ts'
import { openPostgres, type TestDatabase } from './database.ts'
import { tempDir } from './temp-dir.ts'

/** The whole platform as it is composed, on a real socket and a real database; without a node. */
export interface TestPlatform {
  url: string
  /** Where it serves gRPC, as `127.0.0.1:PORT`. */
  grpc: string
  dataDir: DataDir
  database: TestDatabase
  /** The journal as it is stored. */
  journaled(): Promise<Entry[]>
  /** A request with JSON, as whoever the headers say. */
  call(method: string, path: string, headers?: Record<string, string>, body?: unknown): Promise<Response>
  stop(): Promise<void>
}

/** @param options depend on the address where it will listen */
export async function startPlatform(
  options: (url: string) => Promise<Partial<PlatformOptions>> = async () => ({}),
  port = 0,
): Promise<TestPlatform> {
  const folder = tempDir('platform')
  const postgres = await openPostgres()
  const database = await postgres.createDatabase()
  mkdirSync(join(folder.path, 'data'))
  const dataDir = await openDataDir(join(folder.path, 'data'), 'azora/test')
  const ownerKeys = await openOwnerKeys(dataDir.path, undefined)
  const platform = await composePlatform({
    connection: database.connection,
    dataDir,
    ownerKeys,
    log: silentLog,
    onFenced: () => {},
    ...(await options(`http://127.0.0.1:${port}`)),
  })
  await platform.app.listen({ host: '127.0.0.1', port })
  await platform.grpc.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://127.0.0.1:${(platform.app.server.address() as AddressInfo).port}`
  return {
    url,
    grpc: platform.grpc.address() ?? '',
    dataDir,
    database,
    async journaled() {
      const { rows } = await database.db.query<{ header: string; payload: string }>(
        'select header, payload from journal.entry order by index',
      )
      return rows.map(({ header, payload }) => ({ header: JSON.parse(header), payload: JSON.parse(payload), salt: '' }))
    },
    call: (method, path, headers = {}, body) =>
      fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async stop() {
      await platform.close()
      await database.close()
      await postgres.stop()
      folder.remove()
    },
  }
}
