import { createBareLog } from '../bare-log.ts'
import type { Contestant, Measured } from '../contestant.ts'
import { percentilesOf } from '../measure.ts'
import { usageOfTree } from '../usage.ts'
import { AZORA, type Contest } from './contest.ts'

/** One contestant, measured once. */
export interface Sample {
  name: string
  round: number
  concurrency: number
  runsPerSecond: number
  failed: number
  /** Milliseconds. */
  p50: number
  p95: number
  p99: number
  /** Of the contestant's processes and of PostgreSQL, milliseconds for each run; absent where it can't be told. */
  cpuMsPerRun?: number
  postgresMsPerRun?: number
  /** Resident, of the contestant's processes. */
  memoryBytes?: number
}

/** Stands for the bare append of what Azora has just written. */
export const BARE = 'bare append'
const SHARD = 'azora/main'
/** Until compilers and caches of each have seen enough: a system in use has been up for longer. */
const WARM_UP_SECONDS = 25
/** Of each measurement, not counted: while the others were measured, processes have ended that are kept for a minute. */
const LEAD_IN_SECONDS = 2
const BARE_ROWS_MAX = 20_000

/** Has everybody work for a while before anything is measured. */
export async function warmUp(
  { contestants }: Contest,
  concurrency: number,
  say: (text: string) => void,
): Promise<void> {
  for (const contestant of contestants) {
    say(`warming up ${contestant.name}`)
    await contestant.measure(concurrency, WARM_UP_SECONDS)
  }
}

/** Measures everybody one after the other; who begins changes with the round. */
export async function measureRound(
  contest: Contest,
  { concurrency, seconds, round }: { concurrency: number; seconds: number; round: number },
  say: (text: string) => void,
): Promise<Sample[]> {
  const { contestants } = contest
  const order = contestants.map((_, at) => contestants[(at + round) % contestants.length] as Contestant)
  const samples: Sample[] = []
  for (const contestant of order) {
    await contestant.measure(concurrency, LEAD_IN_SECONDS)
    const from = contestant.name === AZORA ? await sizeOf(contest) : 0
    const before = usages(contest, contestant)
    const measured = await contestant.measure(concurrency, seconds)
    const sample = sampleOf(
      { name: contestant.name, round, concurrency },
      measured,
      before,
      usages(contest, contestant),
    )
    samples.push(sample)
    say(`${contestant.name} at ${concurrency}: ${sample.runsPerSecond.toFixed(0)} runs/s, ${measured.failed} failed`)
    if (measured.runs === 0) throw new Error(`no run of ${contestant.name} succeeded`)
    if (contestant.name === AZORA) samples.push(await measureBare(contest, { concurrency, round }, measured.runs, from))
  }
  return samples
}

const usages = ({ postgres }: Contest, { pid }: Contestant) => ({
  own: usageOfTree(pid),
  postgres: postgres > 0 ? usageOfTree(postgres) : undefined,
})

function sampleOf(
  about: Pick<Sample, 'name' | 'round' | 'concurrency'>,
  { runs, failed, seconds, latencies }: Measured,
  before: ReturnType<typeof usages>,
  after: ReturnType<typeof usages>,
): Sample {
  const at = percentilesOf(latencies)
  const msPerRun = (one?: { cpuSeconds: number }, other?: { cpuSeconds: number }): number =>
    (((other?.cpuSeconds ?? 0) - (one?.cpuSeconds ?? 0)) * 1_000) / runs
  return {
    ...about,
    runsPerSecond: runs / seconds,
    failed,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    ...(after.own && { cpuMsPerRun: msPerRun(before.own, after.own), memoryBytes: after.own.memoryBytes }),
    ...(after.postgres && { postgresMsPerRun: msPerRun(before.postgres, after.postgres) }),
  }
}

/**
 * Inserts the very entries that Azora wrote into a table with the same columns and indexes, and nothing else: one of each run
 * under way at a time, each batch durable before the next.
 */
async function measureBare(
  contest: Contest,
  about: Pick<Sample, 'concurrency' | 'round'>,
  runs: number,
  from: number,
): Promise<Sample> {
  const log = await createBareLog(contest.azora, SHARD)
  const size = await sizeOf(contest)
  const rows = (await log.rowsFrom(from)).slice(0, BARE_ROWS_MAX)
  const batches = Math.ceil(rows.length / about.concurrency)
  const startedMs = performance.now()
  await log.insert(rows, new Array(batches).fill(about.concurrency), 'texts')
  const seconds = (performance.now() - startedMs) / 1_000
  const entriesPerRun = (size - from) / runs
  const batchMs = (seconds * 1_000) / batches
  const runMs = batchMs * entriesPerRun
  return {
    name: BARE,
    ...about,
    runsPerSecond: rows.length / entriesPerRun / seconds,
    failed: 0,
    p50: runMs,
    p95: runMs,
    p99: runMs,
  }
}

async function sizeOf({ azora }: Contest): Promise<number> {
  const { rows } = await azora.query<{ size: string }>('select size from journal.shard where id = $1', [SHARD])
  return Number(rows[0]?.size ?? 0)
}
