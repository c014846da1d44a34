import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import type { PoolConfig } from 'pg'
import { startEmbedded } from '../../apps/server/database/embedded.ts'
import { killHard } from './processes.ts'

/** A fresh database on a real server. */
export interface TestDatabase {
  connection: PoolConfig
  db: Db
  /** Another pool of connections to the same database, as a second server would have. */
  connect(): Db
  /** Breaks every connection to it, as a restart of the server would. */
  breakConnections(): Promise<number>
  close(): Promise<void>
}

/** A PostgreSQL of its own for one test file. */
export interface TestPostgres {
  /** @param from the new one begins as a copy of this one, to which nobody may be connected */
  createDatabase(from?: Pick<TestDatabase, 'connection'>): Promise<TestDatabase>
  /** Ends it as a power cut would; it is started again by itself. */
  kill(): void
  stop(): Promise<void>
}

const CONNECTIONS = 6
/** Copying a database takes long on a busy machine. */
const ADMIN_LIMIT_MS = 120_000

/** The embedded PostgreSQL of a running platform, for `DATABASE_URL`. */
export function embeddedUrl(dataDir: string): string {
  const password = readFileSync(join(dataDir, 'postgres/password'), 'utf8').trim()
  const folder = readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[4] ?? ''
  return `postgresql://azora:${password}@localhost:5432/postgres?host=${encodeURIComponent(folder)}`
}

export async function startPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'azt-'))
  const server = await startEmbedded(folder, silentLog)
  const open = (connection: PoolConfig): Db => createDb({ connection, max: CONNECTIONS, log: silentLog })
  const admin = createDb({ connection: server.connection, max: 1, limitMs: ADMIN_LIMIT_MS, log: silentLog })
  let count = 0
  return {
    async createDatabase(from) {
      count += 1
      const database = `test_${count}`
      await admin.query(`create database ${database}${from ? ` template ${from.connection.database}` : ''}`)
      const connection = { ...server.connection, database }
      const opened: Db[] = []
      const connect = (): Db => {
        const db = open(connection)
        opened.push(db)
        return db
      }
      return {
        connection,
        db: connect(),
        connect,
        async breakConnections() {
          const { rowCount } = await admin.query(
            'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
            [database],
          )
          return rowCount
        },
        async close() {
          await Promise.all(opened.splice(0).map((db) => db.close()))
        },
      }
    },
    kill: () => killHard('database', folder),
    async stop() {
      await admin.close()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
