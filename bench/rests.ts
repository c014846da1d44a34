/**
 * What runs cost that have started and wait, for a time, a signal or people: start, memory and throughput with many of them
 * beside none in the same run, how soon one goes on that is sent its signal, and the list of reviews. See README.md.
 *
 *     node bench/rests.ts [--runs N] [--drained N] [--json]
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createClient } from '@azora/sdk/client'
import { checkoutWith } from './lib/checkout.ts'
import { type ListLatency, measureReviews } from './lib/queue/lists.ts'
import { fillResting, recordWaits, WAITS_FOR } from './lib/queue/resting.ts'
import { measureRound, queueUpFor, throughputRatio } from './lib/queue/round.ts'
import { measureSignals } from './lib/queue/signals.ts'
import { openStage } from './lib/queue/stage.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    drained: { type: 'string', default: '1500' },
    json: { type: 'boolean' },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const { main, remove } = await checkoutWith(
  pathOf('./lib/queue/pay.skill.ts'),
  pathOf('../catalog/skills/text.measure.skill.ts'),
)
const stage = await openStage(main)
try {
  const { db } = stage.database
  const drained = Number(values.drained)
  const templates = await recordWaits(stage)
  await queueUpFor(stage, drained)
  const none = await measureRound(stage, drained)
  say(`none: ${JSON.stringify(none)}`)
  await fillResting(stage, templates, Math.ceil(Number(values.runs) / WAITS_FOR.length))
  say(`${values.runs} runs rest`)
  await queueUpFor(stage, drained)
  const latencies: Record<string, ListLatency> = {}
  const many = await measureRound(stage, drained, async (server) => {
    const client = createClient({ url: server.url, token: server.token })
    latencies['signal to the end of the run'] = await measureSignals(client, db)
    Object.assign(latencies, await measureReviews(client, db))
  })
  const report = { runs: Number(values.runs), none, many, throughputRatio: throughputRatio(many, none), latencies }
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, undefined, 2))
} finally {
  await stage.close()
  await remove()
}
