import type { Db } from '@azora/base/db'
import { type ListFilter, pageQuery } from './page-query.ts'
import { askedIn, INSERT_ASKED } from './review-changes.ts'
import type { RunChange } from './run-change.ts'

export interface ReviewFilter extends ListFilter<number> {
  runId?: string | undefined
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
      const { text, values } = listQuery(filter, nowMs)
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

/** One page of the reviews, in the order of the entries that asked for them. */
const listQuery = (filter: ReviewFilter, nowMs: number): { text: string; values: unknown[] } =>
  pageQuery('id, run, index from orchestrator.review', 'index', filter, [
    ['tenant = $', filter.tenant],
    ['open and (expires_at is null or expires_at > $)', new Date(nowMs)],
    ['agent_id = $', filter.agentId],
    ['run = $', filter.runId],
    ['requested_at >= $', filter.since],
    ['requested_at < $', filter.until],
  ])
