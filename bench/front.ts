/**
 * How fast `execute` answers 202, the run being durable, at a rate that is offered whatever the answers: see README.md.
 *
 *     node bench/front.ts [--rate N] [--seconds N] [--rounds N] [--json]
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { startAzora } from './lib/azora-server.ts'
import { openDatabase, urlOf } from './lib/database.ts'
import { median, percentilesOf } from './lib/measure.ts'
import type { Offered } from './lib/open-loop.ts'
import { usageOfTree } from './lib/usage.ts'

const LOAD = fileURLToPath(new URL('./lib/open-loop.ts', import.meta.url))
const OUTPUT_BYTES_MAX = 64 * 1_048_576
const WARM_UP = { rate: 200, seconds: 3 }

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean' },
  },
})

interface Round {
  statuses: Offered['statuses']
  /** Accepted in a second. */
  rate: number
  /** Milliseconds. */
  p50: number
  p95: number
  p99: number
  /** Processor time of server, node and sandboxes for each request, milliseconds. */
  cpuMs: number
}

const database = await openDatabase()
process.env.DATABASE_URL = urlOf(database, 'postgres')
const server = await startAzora([])
try {
  await offer(WARM_UP.rate, WARM_UP.seconds)
  const rounds: Round[] = []
  for (let at = 0; at < Number(values.rounds); at += 1) {
    const before = usageOfTree(server.pid)?.cpuSeconds ?? 0
    const offered = await offer(Number(values.rate), Number(values.seconds))
    rounds.push(roundOf(offered, (usageOfTree(server.pid)?.cpuSeconds ?? 0) - before))
  }
  const p95 = median(rounds.map((round) => round.p95))
  const report = { offered: Number(values.rate), seconds: Number(values.seconds), p95, rounds }
  console.log(values.json ? JSON.stringify(report) : textOf(report))
} finally {
  await server.stop()
  await database.close()
}

async function offer(rate: number, seconds: number): Promise<Offered> {
  const args = ['--disable-warning=ExperimentalWarning', LOAD, '--url', server.url]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, '--rate', String(rate), '--seconds', String(seconds)],
    { env: { ...process.env, AZORA_TOKEN: server.token }, maxBuffer: OUTPUT_BYTES_MAX },
  )
  return JSON.parse(stdout)
}

function roundOf({ statuses, latencies, seconds }: Offered, cpuSeconds: number): Round {
  const exactly = percentilesOf(latencies)
  const at = (share: number): number => Math.round(exactly(share) * 10) / 10
  const requests = Object.values(statuses).reduce((sum, count) => sum + count, 0)
  return {
    statuses,
    rate: Math.round(latencies.length / seconds),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    cpuMs: Math.round((cpuSeconds * 1e6) / requests) / 1_000,
  }
}

function textOf(report: { offered: number; p95: number; rounds: Round[] }): string {
  const lines = report.rounds.map(
    ({ statuses, rate, p50, p95, p99, cpuMs }) =>
      `${rate} accepted/s, p50 ${p50} p95 ${p95} p99 ${p99} ms, CPU ${cpuMs} ms a request, statuses ${JSON.stringify(statuses)}`,
  )
  return [`${report.offered} requests/s offered:`, ...lines, `p95 of the middle round: ${report.p95} ms`].join('\n')
}
