import type { Db } from '@azora/base/db'
import type { Client } from '@azora/sdk/client'
import { type ListLatency, measured } from './lists.ts'

const RUNS = 100
const POLL_MS = 2
const LIMIT_MS = 10_000

/** From the request that sends a run its signal until the run is seen to have ended, over HTTP. */
export async function measureSignals(client: Client, db: Db): Promise<ListLatency> {
  const { rows } = await db.query<{ run: string }>(
    `select run from orchestrator.rest join orchestrator.run on run = id
     where state = 'running' and until is null order by random() limit $1`,
    [RUNS],
  )
  const runs = rows.map(({ run }) => run)
  return measured(async () => {
    const params = { runId: runs.pop() ?? '' }
    await client.api.runs.signal({ params, body: { name: 'go', data: null } })
    for (const limitMs = performance.now() + LIMIT_MS; ; ) {
      const { state } = await client.api.runs.get({ params })
      if (state === 'success') return
      if (performance.now() > limitMs) throw new Error(`run ${params.runId} is ${state}`)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
  })
}
