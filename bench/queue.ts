/**
 * What a long queue costs: start, memory, throughput and lists with many runs that wait, beside a few in the same run. See
 * README.md.
 *
 *     node bench/queue.ts [--runs N] [--ended N] [--drained N] [--json]
 */
import { parseArgs } from 'node:util'
import { createClient } from '@azora/sdk/client'
import { fillRuns } from './lib/queue/fill.ts'
import { type ListLatency, measureLists } from './lib/queue/lists.ts'
import { measureRound, queueUp, queueUpFor, throughputRatio } from './lib/queue/round.ts'
import { openStage } from './lib/queue/stage.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100000' },
    ended: { type: 'string', default: '1000' },
    drained: { type: 'string', default: '1500' },
    json: { type: 'boolean' },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)
const stage = await openStage()
try {
  const drained = Number(values.drained)
  await queueUpFor(stage, drained)
  const few = await measureRound(stage, drained)
  say(`few: ${JSON.stringify(few)}`)
  await fillRuns(stage.database.db, stage.signer, {
    ...{ runs: Number(values.ended), entries: stage.ended, state: 'success' },
    ...{ tenants: ['default'], priorities: [5] },
  })
  await queueUp(stage, Number(values.runs))
  say(`${values.runs} runs wait`)
  const lists: Record<string, ListLatency> = {}
  const many = await measureRound(stage, drained, async ({ url, token }) => {
    const client = createClient({ url, token })
    // While the work goes on one run at a time.
    await client.api.limits.set({ body: { limits: { agents: { direct: { concurrency: 1 } } } } as never })
    Object.assign(lists, await measureLists(client, stage.database.db))
  })
  const report = { runs: Number(values.runs), few, many, throughputRatio: throughputRatio(many, few), lists }
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, undefined, 2))
} finally {
  await stage.close()
}
