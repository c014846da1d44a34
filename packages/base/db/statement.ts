import pg from 'pg'
import { AzoraError } from '../errors.ts'

export interface QueryResult<Row> {
  rows: Row[]
  rowCount: number
}

export interface Statement {
  text: string
  values?: unknown[] | undefined
  /** With a name it is prepared once for each connection. */
  name?: string | undefined
}

/**
 * Runs one statement, and waits no longer than the limit: a database that is frozen, or behind a line that is cut without a word, never answers.
 * Throws `database_unreachable`; whether the statement had an effect is not known then.
 */
export async function runStatement<Row extends object>(
  client: pg.PoolClient,
  { text, values, name }: Statement,
  limitMs: number,
): Promise<QueryResult<Row>> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    const query = client.query<Row>({ text, ...(values && { values }), ...(name && { name }) })
    const { rows, rowCount } = await Promise.race([query, late])
    return { rows, rowCount: rowCount ?? 0 }
  } catch (thrown) {
    throw translate(thrown)
  } finally {
    clearTimeout(timer)
  }
}

/** SQLSTATE classes of connection trouble, resource shortage and operator intervention: trying again may help. */
const RETRYABLE_CLASSES = ['08', '53', '57', '40']

const DISK_FULL = '53100'

const diskFull = (cause: Error): AzoraError =>
  new AzoraError('retry', 'database_full', `the database has no room: ${cause.message}`, {
    remedy: "Free space on the database's disk; what was accepted goes on by itself.",
    retryAfterMs: 5_000,
    cause,
  })

/** @param thrown what the driver threw: the server's answer, or trouble on the way to it */
export function translate(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  if (thrown instanceof pg.DatabaseError && !RETRYABLE_CLASSES.some((prefix) => thrown.code?.startsWith(prefix)))
    return thrown
  if (thrown instanceof pg.DatabaseError && thrown.code === DISK_FULL) return diskFull(thrown)
  return new AzoraError('retry', 'database_unreachable', `the database did not answer: ${thrown.message}`, {
    remedy: 'Check that PostgreSQL is running, then try again.',
    retryAfterMs: 1_000,
    cause: thrown,
  })
}

/** Whether nobody answered, so that the statement may still be at work, or yet to begin, on the other side. */
export const isUnanswered = (thrown: unknown): boolean =>
  thrown instanceof AzoraError && thrown.code === 'database_unreachable' && !(thrown.cause instanceof pg.DatabaseError)
