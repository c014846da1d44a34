import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import type { PoolConfig } from 'pg'
import { inject } from 'vitest'
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

/** A real PostgreSQL, for one test file. */
export interface TestPostgres {
  /** @param from the new one begins as a copy of this one, to which nobody may be connected */
  createDatabase(from?: Pick<TestDatabase, 'connection'>): Promise<TestDatabase>
  /** Leaves nothing of the file's behind. */
  stop(): Promise<void>
}

/** One that no other file uses. */
export interface OwnPostgres extends TestPostgres {
  /** Ends it as a power cut would; it is started again by itself. */
  kill(): void
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

/** The PostgreSQL that all files of a run share (`shared-postgres.ts`): making one takes longer than most files. */
export const openPostgres = async (): Promise<TestPostgres> => databasesOn(inject('postgres'))

/** A PostgreSQL to do violence to. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'azt-'))
  const server = await startEmbedded(folder, silentLog)
  const databases = databasesOn(server.connection)
  return {
    ...databases,
    kill: () => killHard('database', folder),
    async stop() {
      await databases.stop()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function databasesOn(server: PoolConfig): TestPostgres {
  const open = (connection: PoolConfig): Db => createDb({ connection, max: CONNECTIONS, log: silentLog })
  const admin = createDb({ connection: server, max: 1, limitMs: ADMIN_LIMIT_MS, log: silentLog })
  const made: string[] = []
  return {
    async createDatabase(from) {
      const database = `test_${randomBytes(6).toString('hex')}`
      await admin.query(`create database ${database}${from ? ` template ${from.connection.database}` : ''}`)
      made.push(database)
      const connection = { ...server, database }
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
    async stop() {
      for (const database of made.splice(0)) await admin.query(`drop database ${database} with (force)`)
      await admin.close()
    },
  }
}
