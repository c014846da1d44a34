import { silentLog } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { patiently } from '../support/patiently.ts'

const LIMIT_MS = 400
const UNREACHABLE = { code: 'database_unreachable', advice: 'retry' }

let postgres: TestPostgres
let database: TestDatabase
let db: Db
const frozen: number[] = []

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  db = createDb({ connection: database.connection, max: 2, limitMs: LIMIT_MS, log: silentLog })
  await db.query('create table mark (at text)')
})
afterAll(async () => {
  for (const pid of frozen) process.kill(pid, 'SIGCONT')
  await db.close()
  await database.close()
  await postgres.stop()
})

/** Stops the process on the server's side of a connection, as a frozen machine would. */
async function freeze(connection: Pick<Db, 'query'>): Promise<number> {
  const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid ?? 0
  process.kill(pid, 'SIGSTOP')
  frozen.push(pid)
  return pid
}

const thaw = (pid: number): void => {
  process.kill(pid, 'SIGCONT')
  frozen.splice(frozen.indexOf(pid), 1)
}

const marks = async (): Promise<number> => (await patiently(() => db.query('select at from mark'))).rowCount

describe('a statement', () => {
  it('that takes too long is ended by the server, and leaves the connection usable', async () => {
    await expect(db.query('select pg_sleep(30)')).rejects.toMatchObject(UNREACHABLE)
    expect(await marks()).toBe(0)
  })

  it('that is never answered is given up; until its fate is known, nothing else is answered', async () => {
    let pid = 0
    const given = db.transaction(async (tx) => {
      pid = await freeze(tx)
      await tx.query(`insert into mark values ('late')`)
    })
    await expect(given).rejects.toMatchObject(UNREACHABLE)
    await expect(db.query('select at from mark')).rejects.toMatchObject(UNREACHABLE)
    thaw(pid)
    const first = await marks()
    await patiently(() => db.query(`insert into mark values ('sign of life')`))
    expect(await marks()).toBe(first + 1)
  })

  it('may take longer in a transaction that says so', async () => {
    await db.transaction((tx) => tx.query(`select pg_sleep(${(LIMIT_MS * 2) / 1000})`), 60_000)
    await expect(db.transaction((tx) => tx.query('select pg_sleep(30)'))).rejects.toMatchObject(UNREACHABLE)
  })
})
