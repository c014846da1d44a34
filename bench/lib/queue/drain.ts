import type { Db } from '@azora/base/db'
import { postmasterOf } from '../database.ts'
import { usageOfTree } from '../usage.ts'

/** How runs that wait were carried to their end. */
export interface Drained {
  runs: number
  runsPerSecond: number
  /** Processor time of server, node and sandboxes for each run, milliseconds. */
  cpuMs: number
  /** That of PostgreSQL. */
  postgresCpuMs: number
}

const POLL_MS = 50
/** Longer than any run here takes. */
const STALLED_MS = 60_000

/** Waits until so many more runs have ended, and tells what they took. */
export async function drain(db: Db, serverPid: number, runs: number): Promise<Drained> {
  const postgres = await postmasterOf(db)
  const begin = { at: performance.now(), ended: await endedIn(db), ...usages(serverPid, postgres) }
  const progress = { ended: 0, at: begin.at }
  while (progress.ended < runs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    const ended = (await endedIn(db)) - begin.ended
    if (ended > progress.ended) Object.assign(progress, { ended, at: performance.now() })
    if (performance.now() - progress.at > STALLED_MS) throw new Error(`no run ended any more after ${ended} of ${runs}`)
  }
  const { ended } = progress
  const after = usages(serverPid, postgres)
  const round = (value: number): number => Math.round(value * 100) / 100
  return {
    runs: ended,
    runsPerSecond: round((ended * 1_000) / (performance.now() - begin.at)),
    cpuMs: round(((after.server - begin.server) * 1_000) / ended),
    postgresCpuMs: round(((after.postgres - begin.postgres) * 1_000) / ended),
  }
}

const usages = (server: number, postgres: number) => ({
  server: usageOfTree(server)?.cpuSeconds ?? 0,
  postgres: usageOfTree(postgres)?.cpuSeconds ?? 0,
})

let counted = { after: -1, ended: 0 }

/** Only what came since the last look is counted: a count of all would be the load that is measured. */
async function endedIn(db: Db): Promise<number> {
  const { rows } = await db.query<{ last: string | null; ended: string; failed: string }>(
    `select max(index) as last, count(*) as ended, count(*) filter (where kind = 'run.failed') as failed from journal.entry
     where shard = 'azora/main' and kind = any('{run.succeeded,run.failed}'::text[]) and index > $1`,
    [counted.after],
  )
  if (Number(rows[0]?.failed) > 0) throw new Error('runs failed that should succeed')
  const last = rows[0]?.last
  if (last) counted = { after: Number(last), ended: counted.ended + Number(rows[0]?.ended) }
  return counted.ended
}
