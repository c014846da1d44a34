import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import type { PoolConfig } from 'pg'
import { startEmbedded } from '../../apps/server/database/embedded.ts'

/** An embedded PostgreSQL as the server starts it, with fsync on, in a folder that goes with it. */
export interface BenchDatabase {
  db: Db
  connection: PoolConfig
  close(): Promise<void>
}

const CONNECTIONS = 4
/** Each of the peers has a pool of 20, and may open more. */
const CONNECTIONS_MAX = 200
/** Millions of rows are made in one statement. */
const LIMIT_MS = 60 * 60_000

export async function openDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'azb-'))
  const server = await startEmbedded(folder, silentLog, CONNECTIONS_MAX)
  const db = createDb({ connection: server.connection, max: CONNECTIONS, limitMs: LIMIT_MS, log: silentLog })
  return {
    db,
    connection: server.connection,
    async close() {
      await db.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** As programs take it from `DATABASE_URL`. */
export function urlOf({ connection }: BenchDatabase, database: string): string {
  const { user, password, host } = connection
  return `postgresql://${user}:${encodeURIComponent(String(password))}@localhost:5432/${database}?host=${encodeURIComponent(host ?? '')}`
}

/** The parent of any process that serves a connection. */
export async function postmasterOf(db: Db): Promise<number> {
  const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
  try {
    const stat = readFileSync(`/proc/${rows[0]?.pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}
