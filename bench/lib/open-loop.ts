/**
 * Offers requests to `POST /api/v1/orchestrator/execute` at a fixed rate, whether or not earlier ones were answered, and prints
 * what came of them as JSON: {@link Offered}. A process of its own, so that it takes nothing of the server's.
 *
 * A latency counts from when its request was due, so that a client that can't keep up shows as slow, not as a lower rate.
 */
import { parseArgs } from 'node:util'
import { createPost } from './http-post.ts'

export interface Offered {
  /** Requests by their status; 0 for those that broke. */
  statuses: Record<number, number>
  /** Milliseconds from when it was due to the answer, of those that were accepted. */
  latencies: number[]
  seconds: number
}

const SOCKETS_MAX = 512
const TICK_MS = 5

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    rate: { type: 'string', default: '1500' },
    seconds: { type: 'string', default: '10' },
  },
})
const rate = Number(values.rate)
const total = rate * Number(values.seconds)
const post = createPost(values.url, { authorization: `Bearer ${process.env.AZORA_TOKEN}` }, SOCKETS_MAX)
const offered: Offered = { statuses: {}, latencies: [], seconds: 0 }

async function ask(dueMs: number): Promise<void> {
  const body = { skillId: 'text.measure', input: { text: 'one' } }
  const { status } = await post('/api/v1/orchestrator/execute', body).catch(() => ({ status: 0 }))
  offered.statuses[status] = (offered.statuses[status] ?? 0) + 1
  if (status === 202) offered.latencies.push(performance.now() - dueMs)
}

const startedMs = performance.now()
const asked: Array<Promise<void>> = []
await new Promise<void>((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) * rate) / 1_000))
    while (asked.length < due) asked.push(ask(startedMs + (asked.length * 1_000) / rate))
    if (asked.length < total) return
    clearInterval(timer)
    resolve()
  }, TICK_MS)
})
await Promise.all(asked)
offered.seconds = (performance.now() - startedMs) / 1_000
process.stdout.write(`${JSON.stringify(offered)}\n`, () => process.exit(0))
