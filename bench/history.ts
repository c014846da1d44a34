/**
 * What a run costs as the log behind it grows: throughput, processor time, start and memory with ever more entries of runs that have
 * ended, in one run. See README.md.
 *
 *     node bench/history.ts [--entries 10000,100000,1000000] [--drained N] [--rounds N] [--json]
 */
import { parseArgs } from 'node:util'
import { median } from './lib/measure.ts'
import { type Drained, drain } from './lib/queue/drain.ts'
import { fillRuns, sizeOfLog } from './lib/queue/fill.ts'
import { openStage, type QueueStage, TENANTS } from './lib/queue/stage.ts'
import { memoryOf } from './lib/usage.ts'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000,100000,1000000' },
    drained: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean' },
  },
})
const WARM_UP_RUNS = 300
/** What may end past the counts, as runs end many at a time. */
const SPARE_RUNS = 2_000
const PRIORITIES = [5]

interface Point {
  entries: number
  startMs: number
  memoryMb: number
  runsPerSecond: number
  cpuMs: number
  postgresCpuMs: number
  /** Of both processor times, to those of the first point. */
  cost: number
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const stage = await openStage()
try {
  const points: Point[] = []
  for (const entries of values.entries.split(',').map(Number)) {
    await growTo(stage, entries)
    const point = await measure(stage)
    const costOf = ({ cpuMs, postgresCpuMs }: Pick<Point, 'cpuMs' | 'postgresCpuMs'>): number => cpuMs + postgresCpuMs
    points.push({ ...point, cost: Math.round((costOf(point) * 100) / costOf(points[0] ?? point)) / 100 })
    say(JSON.stringify(points.at(-1)))
  }
  if (values.json) console.log(JSON.stringify({ points }))
  else console.table(points)
} finally {
  await stage.close()
}

/** Adds runs that have ended until the log is so long, and a few that wait behind them. */
async function growTo({ database: { db }, signer, ended }: QueueStage, entries: number): Promise<void> {
  const missing = Math.ceil((entries - (await sizeOfLog(db, signer))) / ended.length)
  const tenants = [...TENANTS]
  if (missing > 0)
    await fillRuns(db, signer, { runs: missing, entries: ended, state: 'success', tenants, priorities: PRIORITIES })
  const runs = Number(values.drained) * Number(values.rounds) + WARM_UP_RUNS + SPARE_RUNS
  const first = ended.slice(0, 1)
  await fillRuns(db, signer, { runs, entries: first, state: 'scheduled', tenants: ['default'], priorities: PRIORITIES })
}

async function measure({ database: { db }, signer, start }: QueueStage): Promise<Omit<Point, 'cost'>> {
  const entries = await sizeOfLog(db, signer)
  const { server, ms } = await start()
  try {
    await drain(db, server.pid, WARM_UP_RUNS)
    const rounds: Drained[] = []
    for (let at = 0; at < Number(values.rounds); at += 1)
      rounds.push(await drain(db, server.pid, Number(values.drained)))
    const { nowMb } = memoryOf(server.pid)
    const of = (name: 'runsPerSecond' | 'cpuMs' | 'postgresCpuMs'): number => median(rounds.map((one) => one[name]))
    return {
      ...{ entries, startMs: ms, memoryMb: nowMb },
      ...{ runsPerSecond: of('runsPerSecond'), cpuMs: of('cpuMs'), postgresCpuMs: of('postgresCpuMs') },
    }
  } finally {
    await server.stop()
  }
}
