import pg from 'pg'
import type { Log } from '../log.ts'
import { createAbandoned } from './abandoned.ts'
import { isUnanswered, type QueryResult, runStatement, translate } from './statement.ts'
import { beginWithin } from './tenant-role.ts'

/** What a room's `store/` may ask of Postgres. */
export interface Db {
  /**
   * One statement, in a transaction of its own. With `name` it is prepared once per connection. Throws
   * `database_unreachable` when it is not answered in time; whether it had an effect is not known then, but it has none any
   * more once another one was answered.
   */
  query<Row extends object>(text: string, values?: unknown[], name?: string): Promise<QueryResult<Row>>
  /**
   * Runs `work` in one transaction on one connection; rolls back when it throws.
   *
   * @param limitMs for each statement, where that takes long by its nature
   */
  transaction<T>(work: (tx: Pick<Db, 'query'>) => Promise<T>, limitMs?: number): Promise<T>
  /**
   * The database with the rows of one tenant and no others, in every table that has a policy; the other tables can't be used.
   * Each statement takes two round trips more than without: for what somebody of the tenant asks, not for the server's own work.
   */
  within(tenant: string): Pick<Db, 'query' | 'transaction'>
  close(): Promise<void>
}

export interface DbOptions {
  connection: pg.PoolConfig
  /** Connections at most. */
  max: number
  /** How long a statement may take; 10 s unless said. */
  limitMs?: number
  log: Log
}

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_LIMIT_MS = 10_000

export function createDb({ connection, max, limitMs = STATEMENT_LIMIT_MS, log }: DbOptions): Db {
  const pool = new pg.Pool({
    ...connection,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // The server gives up by itself too: what it holds for us must not outlive us.
    statement_timeout: limitMs,
    idle_in_transaction_session_timeout: limitMs,
    keepAlive: true,
    application_name: 'azora',
  })
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'database connection lost'))
  const abandoned = createAbandoned()

  /** Lends a connection; one on which an answer stayed away is not used again. */
  async function borrow<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch((thrown) => {
      throw translate(thrown)
    })
    let broken: Error | undefined
    const onLost = (error: Error): void => {
      broken = error
    }
    // A connection that breaks between two statements would otherwise end the process.
    client.on('error', onLost)
    try {
      await abandoned.end(client)
      return await work(client)
    } catch (thrown) {
      if (isUnanswered(thrown)) {
        abandoned.add(client)
        broken ??= thrown as Error
      }
      throw thrown
    } finally {
      client.off('error', onLost)
      client.release(broken)
    }
  }

  const inTransaction = <T>(begin: string, work: (tx: Pick<Db, 'query'>) => Promise<T>, longMs?: number): Promise<T> =>
    borrow(async (client) => {
      const run: Db['query'] = (text, values, name) => runStatement(client, { text, values, name }, longMs ?? limitMs)
      try {
        await run(begin)
        if (longMs !== undefined) await run(`set local statement_timeout = ${longMs}`)
        const result = await work({ query: run })
        await run('commit')
        return result
      } catch (thrown) {
        if (!isUnanswered(thrown)) await run('rollback')
        throw thrown
      }
    })

  return {
    query: (text, values, name) => borrow((client) => runStatement(client, { text, values, name }, limitMs)),
    transaction: (work, longMs) => inTransaction('begin', work, longMs),
    within(tenant) {
      const begin = beginWithin(tenant)
      return {
        query: (text, values, name) => inTransaction(begin, (tx) => tx.query(text, values, name)),
        transaction: (work, longMs) => inTransaction(begin, work, longMs),
      }
    },
    close: () => pool.end(),
  }
}

/** Whether a statement failed, and changed nothing, because of a unique index (SQLSTATE 23505). */
export const isUniqueViolation = (thrown: unknown, index: string): boolean =>
  thrown instanceof pg.DatabaseError && thrown.code === '23505' && thrown.constraint === index
