import type { Db } from '@azora/base/db'
import { askedIn, INSERT_ASKED } from './review-changes.ts'
import type { RunChange } from './run-change.ts'

export interface ReviewFilter {
  tenant: string
  agentId?: string | undefined
  runId?: string | undefined
  /** Asked for then or later. */
  since?: string | undefined
  /** Asked for before. */
  until?: string | undefined
  /** By when they were asked for; newest first when absent. */
  order?: 'newest' | 'oldest' | undefined
  /** Only what comes behind the one that this entry asked for. */
  after?: number | undefined
  limit: number
}

export interface ListedReview {
  id: string
  run: string
  /** Of the entry that asked. */
  index: number
}

/** Where to look for reviews. Whether one still waits is in the journal. */
export interface ReviewStore {
  /** A page of those that may wait, and do not end before the time. */
  page(filter: ReviewFilter, nowMs: number): Promise<ListedReview[]>
  /** The run that asked; undefined when it has ended. */
  runOf(tenant: string, id: string): Promise<string | undefined>
  /** Runs whose reviews are not in the list. */
  unlisted(limit: number): Promise<string[]>
  /** Puts the reviews of such runs in the list. */
  enlist(runs: readonly string[], changes: readonly RunChange[]): Promise<void>
}

const ENLIST = `
with asked as (${INSERT_ASKED('$2')}
)
update orchestrator.run set reviews_unlisted = false where id = any ($1::uuid[])`

export function createReviewStore(db: Db): ReviewStore {
  return {
    async page(filter, nowMs) {
      const { text, values } = pageQuery(filter, nowMs)
      const { rows } = await db.within(filter.tenant).query<{ id: string; run: string; index: string }>(text, values)
      return rows.map(({ index, ...review }) => ({ ...review, index: Number(index) }))
    },
    async runOf(tenant, id) {
      const { rows } = await db
        .within(tenant)
        .query<{ run: string }>('select run from orchestrator.review where id = $1 and tenant = $2', [id, tenant])
      return rows[0]?.run
    },
    async unlisted(limit) {
      const { rows } = await db.query<{ id: string }>(
        'select id from orchestrator.run where reviews_unlisted order by id limit $1',
        [limit],
      )
      return rows.map(({ id }) => id)
    },
    async enlist(runs, changes) {
      await db.query(ENLIST, [runs, askedIn(changes)])
    },
  }
}

/** Only the conditions that are given are in it, so that an index answers them. */
function pageQuery(filter: ReviewFilter, nowMs: number): { text: string; values: unknown[] } {
  const values: unknown[] = [filter.tenant, new Date(nowMs)]
  const conditions = ['tenant = $1', 'open', '(expires_at is null or expires_at > $2)']
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return
    values.push(value)
    conditions.push(`${condition} $${values.length}`)
  }
  const oldest = filter.order === 'oldest'
  where('agent_id =', filter.agentId)
  where('run =', filter.runId)
  where('requested_at >=', filter.since)
  where('requested_at <', filter.until)
  where(oldest ? 'index >' : 'index <', filter.after)
  values.push(filter.limit)
  return {
    text: `select id, run, index from orchestrator.review
      where ${conditions.join(' and ')} order by index ${oldest ? 'asc' : 'desc'} limit $${values.length}`,
    values,
  }
}
