import type { Db } from '@azora/base/db'
import { VERSION } from '../../../apps/server/version.ts'
import { createPost } from '../http-post.ts'
import { fillRuns, sizeOfLog } from './fill.ts'
import type { QueueStage } from './stage.ts'
import { type EntryTemplate, templatesOf } from './template.ts'

/** What runs wait for, and the step that does. */
const WAITS = {
  time: { id: 'pause', skill: 'wait.timer', input: { until: '2099-01-01T00:00:00.000Z' } },
  signal: { id: 'word', skill: 'wait.signal', input: { name: 'go' } },
  people: { id: 'pay', skill: 'bench.pay', input: { amount: 1, currency: 'EUR' } },
} as const
export type WaitFor = keyof typeof WAITS
export const WAITS_FOR = Object.keys(WAITS) as WaitFor[]

const SCOPE = { spend: [{ currency: 'EUR', amount: 1 }] }

const REST_MS_MAX = 20_000
const POLL_MS = 50

/** The list of runs at rest, and that of reviews, as the projector would make them. */
const RESTS = `
insert into orchestrator.rest (run, until, version)
select run, $4, $5 from journal.entry where shard = $1 and index >= $2 and index < $3 and kind = 'run.scheduled'`
const REVIEWS = `
insert into orchestrator.review (id, run, tenant, agent_id, index, requested_at, quorum, open)
select (e.payload::json ->> 'reviewId')::uuid, e.run, r.tenant, r.agent_id, e.index, (e.header::json ->> 'at')::timestamptz, 1, true
from journal.entry e join orchestrator.run r on r.id = e.run
where e.shard = $1 and e.index >= $2 and e.index < $3 and e.kind = 'review.requested'`

/** The entries of a run for each wait, made by a server. */
export async function recordWaits({ database: { db }, start }: QueueStage): Promise<Record<WaitFor, EntryTemplate[]>> {
  const { server } = await start()
  try {
    const post = createPost(server.url, { authorization: `Bearer ${server.token}` }, 1)
    const templates: Partial<Record<WaitFor, EntryTemplate[]>> = {}
    for (const wait of WAITS_FOR) {
      const { status, text } = await post('/api/v1/orchestrator/plan', { plan: { steps: [WAITS[wait]] }, scope: SCOPE })
      if (status !== 202) throw new Error(`a run to copy was answered with ${status} ${text}`)
      const { runId } = JSON.parse(text)
      await untilAtRest(db, runId)
      templates[wait] = await templatesOf(db, runId)
    }
    return templates as Record<WaitFor, EntryTemplate[]>
  } finally {
    await server.stop()
  }
}

async function untilAtRest(db: Db, run: string): Promise<void> {
  for (const limitMs = performance.now() + REST_MS_MAX; performance.now() < limitMs; ) {
    const { rows } = await db.query('select from orchestrator.rest where run = $1', [run])
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`run ${run} does not come to rest`)
}

/** Adds runs that wait, as many for each. */
export async function fillResting(
  { database: { db }, signer }: QueueStage,
  templates: Record<WaitFor, EntryTemplate[]>,
  runsForEach: number,
): Promise<void> {
  for (const wait of WAITS_FOR) {
    const from = await sizeOfLog(db, signer)
    const state = wait === 'people' ? 'awaiting_review' : 'running'
    const about = { tenants: ['default'], priorities: [5] }
    await fillRuns(db, signer, { runs: runsForEach, entries: templates[wait], state, ...about })
    const range = [signer.verifier.name, from, await sizeOfLog(db, signer)]
    await db.query(RESTS, [...range, wait === 'time' ? WAITS.time.input.until : null, VERSION])
    if (wait === 'people') await db.query(REVIEWS, range)
  }
  for (const table of ['orchestrator.rest', 'orchestrator.review']) await db.query(`vacuum analyze ${table}`)
}
