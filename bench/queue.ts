/**
 * What a long queue costs: start, memory, throughput and lists with many runs that wait, beside a few in the same run. See
 * README.md.
 *
 *     node bench/queue.ts [--runs N] [--ended N] [--drained N] [--json]
 */
import { parseArgs } from 'node:util'
import { createClient } from '@azora/sdk/client'
import { type Drained, drain } from './lib/queue/drain.ts'
import { fillRuns } from './lib/queue/fill.ts'
import { type ListLatency, measureLists } from './lib/queue/lists.ts'
import { openStage, type QueueStage, TENANTS } from './lib/queue/stage.ts'
import { memoryOf } from './lib/usage.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    ended: { type: 'string', default: '1000' },
    drained: { type: 'string', default: '1500' },
    json: { type: 'boolean' },
  },
})
const PRIORITIES = [0, 3, 5, 5, 5, 7, 9]
/** Until the first runs have warmed it up. */
const WARM_UP_RUNS = 300
/** What may end past the counts, as runs end many at a time. */
const SPARE_RUNS = 500

interface Round {
  startMs: number
  memory: { readyMb: number; workingMb: number; mostMb: number }
  drained: Drained
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)
const stage = await openStage()
try {
  const drained = Number(values.drained)
  await queueUp(stage, drained + WARM_UP_RUNS + SPARE_RUNS)
  const few = await round(stage, drained)
  say(`few: ${JSON.stringify(few)}`)
  await fillRuns(stage.database.db, stage.signer, {
    ...{ runs: Number(values.ended), entries: stage.ended, state: 'success' },
    ...{ tenants: ['default'], priorities: [5] },
  })
  await queueUp(stage, Number(values.runs))
  say(`${values.runs} runs wait`)
  const lists: Record<string, ListLatency> = {}
  const many = await round(stage, drained, lists)
  const ratio = Math.round((many.drained.runsPerSecond / few.drained.runsPerSecond) * 100) / 100
  const report = { runs: Number(values.runs), few, many, throughputRatio: ratio, lists }
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, undefined, 2))
} finally {
  await stage.close()
}

function queueUp({ database, signer, ended }: QueueStage, runs: number): Promise<void> {
  const first = ended.slice(0, 1)
  return fillRuns(database.db, signer, {
    ...{ runs, entries: first, state: 'scheduled' },
    // Half of them are those of one tenant.
    ...{ tenants: ['default', TENANTS[1], 'default', TENANTS[2], 'default', TENANTS[3]], priorities: PRIORITIES },
  })
}

/** @param lists gets the latencies of lists, measured while the work goes on one run at a time */
async function round(
  { database: { db }, start }: QueueStage,
  runs: number,
  lists?: Record<string, ListLatency>,
): Promise<Round> {
  const { server, ms } = await start()
  try {
    const readyMb = memoryOf(server.pid).nowMb
    await drain(db, server.pid, WARM_UP_RUNS)
    const drained = await drain(db, server.pid, runs)
    const { nowMb, mostMb } = memoryOf(server.pid)
    if (lists) {
      const client = createClient({ url: server.url, token: server.token })
      await client.api.limits.set({ body: { limits: { agents: { direct: { concurrency: 1 } } } } as never })
      Object.assign(lists, await measureLists(client, db))
    }
    return { startMs: ms, memory: { readyMb, workingMb: nowMb, mostMb }, drained }
  } finally {
    await server.stop()
  }
}
