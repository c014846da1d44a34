import type { Db } from '@azora/base/db'
import type { Rest, RestChanges } from '../listing/rests.ts'
import { INSERT_ASKED, reviewValues, SETTLE } from './review-changes.ts'
import type { RunChange } from './run-change.ts'

/** A change as it is stored. */
export interface SealedChange extends Omit<RunChange, 'spec' | 'error'> {
  spec: string | undefined
  agentId: string | undefined
  priority: number | undefined
  skill: string | undefined
  deadline: string | undefined
  startAt: string | undefined
  error: string | undefined
}

/** A run is in one of both lists, as one statement can change a row once. */
const APPLY = `
with fresh as (
  insert into orchestrator.run
    (id, tenant, agent_id, state, priority, spec, started_at, finished_at, error, index, skill, deadline, start_at, since)
  select id, tenant, agent_id, state, priority, spec, started_at, finished_at, error, index, skill, deadline, start_at, since
  from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::json[], $9::text[], $10::text[],
    $11::json[], $12::bigint[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::bigint[])
    as f (id, tenant, agent_id, state, priority, spec, started_at, finished_at, error, index, skill, deadline, start_at, since)
  on conflict (id) do update set state = excluded.state, started_at = excluded.started_at,
    finished_at = excluded.finished_at, error = excluded.error, index = excluded.index
  where orchestrator.run.index < excluded.index
), later as (
  update orchestrator.run r set state = coalesce(c.state, r.state), started_at = coalesce(r.started_at, c.started_at),
    finished_at = coalesce(c.finished_at, r.finished_at), error = coalesce(c.error, r.error), index = c.index
  from unnest($17::uuid[], $18::text[], $19::text[], $20::text[], $21::json[], $22::bigint[])
    as c (id, state, started_at, finished_at, error, index)
  where r.id = c.id and r.index < c.index
), asked as (${INSERT_ASKED('$23')}
), settled as (${SETTLE('$24', '$25', '$26')}
), gone as (
  delete from orchestrator.review where run = any ($27::uuid[])
), woken as (
  delete from orchestrator.rest where run = any ($28::uuid[])
), resting as (
  insert into orchestrator.rest (run, until, version)
  select run, until, $31 from unnest($29::uuid[], $30::timestamptz[]) as r (run, until)
  on conflict (run) do update set until = excluded.until, version = excluded.version
)
update orchestrator.cursor set next = $2 where shard = $1`

/** Locks it as well. */
const REACHED = `
insert into orchestrator.cursor (shard, next) values ($1, 0) on conflict (shard) do update set shard = excluded.shard returning next`

/**
 * Applies what the entries between two places change and moves the cursor, both or neither.
 *
 * @param version of the program that looked at runs at rest
 * @returns false where the list doesn't end at the first place; then nothing is changed
 */
export function applyChanges(
  db: Db,
  shard: string,
  between: { from: number; to: number },
  changes: SealedChange[],
  { resting, woken, version }: RestChanges & { version: string },
): Promise<boolean> {
  const fresh = changes.filter(({ spec }) => spec !== undefined)
  const later = changes.filter(({ spec }) => spec === undefined)
  const values = [
    ...[shard, between.to],
    ...columns(fresh, 'id', 'tenant', 'agentId', 'state', 'priority', 'spec', 'startedAt', 'finishedAt'),
    ...columns(fresh, 'error', 'index', 'skill', 'deadline', 'startAt', 'since'),
    ...columns(later, 'id', 'state', 'startedAt', 'finishedAt', 'error', 'index'),
    ...reviewValues(changes),
    ...[woken, resting.map(({ run }) => run), resting.map(untilOf), version],
  ]
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ next: string }>(REACHED, [shard])
    if (Number(rows[0]?.next) !== between.from) return false
    await tx.query(APPLY, values, 'orchestrator.apply')
    return true
  })
}

const columns = (changes: SealedChange[], ...fields: Array<keyof SealedChange>): unknown[][] =>
  fields.map((field) => changes.map((change) => change[field] ?? null))

const untilOf = ({ untilMs }: Rest): Date | null => (Number.isFinite(untilMs) ? new Date(untilMs) : null)
