import type pg from 'pg'
import { AzoraError } from '../errors.ts'
import { runStatement } from './statement.ts'

/** Server processes whose last statement nobody waits for any more. */
export interface Abandoned {
  add(client: pg.PoolClient): void
  /** Ends them, over another connection, and resolves when they are gone. Throws `database_unreachable`. */
  end(client: pg.PoolClient): Promise<void>
}

const GONE_WITHIN_MS = 5_000

/** Of this user and program only: the number of a process that is gone may belong to another one since. */
const END = `
select pid, pg_terminate_backend(pid, ${GONE_WITHIN_MS}) as gone from pg_stat_activity
where pid = any($1::int[]) and usename = current_user and application_name = 'azora'`

/**
 * A statement without an answer can come true long after, when a frozen database is thawed. Whoever then reads what became
 * of it must not read too early: so nothing else is sent before its process has ended, with or without an effect.
 */
export function createAbandoned(): Abandoned {
  const pids = new Set<number>()
  return {
    add(client) {
      const pid = processOf(client)
      if (pid !== undefined) pids.add(pid)
    },
    async end(client) {
      if (pids.size === 0) return
      const asked = [...pids]
      const { rows } = await runStatement<{ pid: number; gone: boolean }>(
        client,
        { text: END, values: [asked] },
        GONE_WITHIN_MS * 2,
      )
      const left = new Set(rows.filter(({ gone }) => !gone).map(({ pid }) => pid))
      for (const pid of asked) if (!left.has(pid)) pids.delete(pid)
      if (left.size > 0) throw busy()
    },
  }
}

/** The driver knows it from the server's greeting, but doesn't declare it. */
function processOf(client: pg.PoolClient): number | undefined {
  const pid: unknown = 'processID' in client ? client.processID : undefined
  return typeof pid === 'number' ? pid : undefined
}

const busy = (): AzoraError =>
  new AzoraError('retry', 'database_unreachable', 'the database still works on a statement that was given up', {
    remedy: 'Try again; if it lasts, see what PostgreSQL waits for: its disk, or a lock.',
    retryAfterMs: 1_000,
  })
