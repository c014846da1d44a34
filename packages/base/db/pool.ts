import pg from 'pg'
import { AzoraError } from '../errors.ts'
import type { Log } from '../log.ts'

export interface QueryResult<Row> {
  rows: Row[]
  rowCount: number
}

/** What a room's `store/` may ask of Postgres. */
export interface Db {
  /** One statement, in a transaction of its own. With `name` it is prepared once per connection. */
  query<Row extends object>(text: string, values?: unknown[], name?: string): Promise<QueryResult<Row>>
  /** Runs `work` in one transaction on one connection; rolls back when it throws. */
  transaction<T>(work: (tx: Pick<Db, 'query'>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface DbOptions {
  connection: pg.PoolConfig
  /** Connections at most. */
  max: number
  log: Log
}

const CONNECT_TIMEOUT_MS = 5_000

export function createDb({ connection, max, log }: DbOptions): Db {
  const pool = new pg.Pool({
    ...connection,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'azora',
  })
  // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'database connection lost'))

  const run = async <Row extends object>(
    client: pg.Pool | pg.PoolClient,
    text: string,
    values?: unknown[],
    name?: string,
  ) => {
    const result = await client
      .query<Row>({ text, ...(values && { values }), ...(name && { name }) })
      .catch((thrown) => {
        throw translate(thrown)
      })
    return { rows: result.rows, rowCount: result.rowCount ?? 0 }
  }

  return {
    query: (text, values, name) => run(pool, text, values, name),
    async transaction(work) {
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
        await run(client, 'begin')
        const result = await work({ query: (text, values, name) => run(client, text, values, name) })
        await run(client, 'commit')
        return result
      } catch (thrown) {
        await client.query('rollback').catch(onLost)
        throw thrown
      } finally {
        client.off('error', onLost)
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

/** Whether a statement failed, and changed nothing, because of a unique index (SQLSTATE 23505). */
export const isUniqueViolation = (thrown: unknown, index: string): boolean =>
  thrown instanceof pg.DatabaseError && thrown.code === '23505' && thrown.constraint === index

/** SQLSTATE classes of connection trouble, resource shortage and operator intervention: trying again may help. */
const RETRYABLE_CLASSES = ['08', '53', '57', '40']

/** @param thrown what the driver threw: the server's answer, or trouble on the way to it */
function translate(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  if (thrown instanceof pg.DatabaseError && !RETRYABLE_CLASSES.some((prefix) => thrown.code?.startsWith(prefix)))
    return thrown
  return new AzoraError('retry', 'database_unreachable', `the database did not answer: ${thrown.message}`, {
    remedy: 'Check that PostgreSQL is running, then try again.',
    retryAfterMs: 1_000,
    cause: thrown,
  })
}
