import { AzoraError } from '@azora/base'
import { type Db, isUniqueViolation } from '@azora/base/db'
import type { Batch, Row } from './port.ts'

/** Never within canonical JSON, which escapes control characters (RFC 8785, section 3.2.2.2), nor within what seals it. */
const BETWEEN = '\u0001'
/** Stands for a salt that is sealed together with its payload; no random salt is this one. */
const NO_SALT = Buffer.alloc(16)
const KEY_INDEX = 'entry_by_key'

/**
 * One statement, so one transaction and one flush to disk: everything hangs on the fence. Headers and payloads come as one
 * text that is cut at a separator, leaves and salts as one string of bytes: PostgreSQL takes half the time of arrays, in
 * which it has to find and undo the escapes of every quote. New runs are looked up one by one in the index of runs: a join
 * would be planned as a scan of the log while that is short.
 */
const APPEND = `
with known as (
  select from unnest($21::uuid[]) as n (run)
    cross join lateral (select from journal.entry where run = n.run order by index limit 1) entry limit 1
), fence as (
  update journal.shard set size = $4, frontier = $5, checkpoint = $6
  where id = $1 and epoch = $2 and size = $3 and not exists (select from known) returning id
), entries as (
  insert into journal.entry (shard, index, run, kind, header, leaf, payload, salt, key)
  select fence.id, $3::bigint + e.n - 1, e.run, e.kind, e.header, substr($10::bytea, (e.n::int - 1) * 32 + 1, 32),
    e.payload, nullif(substr($12::bytea, (e.n::int - 1) * 16 + 1, 16), $22::bytea), e.key
  from fence, rows from (
    unnest($7::uuid[]), string_to_table($8, $20), string_to_table($9, $20), string_to_table($11, $20), unnest($13::text[])
  ) with ordinality as e (run, kind, header, payload, key, n)
), nodes as (
  insert into journal.node (shard, level, index, hash)
  select fence.id, n.* from fence, unnest($14::smallint[], $15::bigint[], $16::bytea[]) as n
), states as (
  insert into journal.run_state (run, state, index)
  select s.* from fence, unnest($17::uuid[], $18::text[], $19::bigint[]) as s
  on conflict (run) do update set state = excluded.state, index = excluded.index
)
select exists (select from fence) as done, exists (select from known) as known`

/** See `append` of the port; throws `journal_not_new`. */
export async function append(db: Db, batch: Batch): Promise<boolean> {
  const { rows, nodes, states } = batch
  const values = [
    batch.shard,
    batch.epoch,
    batch.expectedSize,
    batch.expectedSize + rows.length,
    Buffer.concat(batch.frontier),
    batch.checkpoint,
    rows.map((row) => row.run),
    joined(rows, ({ kind }) => kind),
    joined(rows, ({ header }) => header),
    Buffer.concat(rows.map((row) => row.leaf)),
    joined(rows, ({ payload }) => payload ?? ''),
    Buffer.concat(rows.map((row) => row.salt ?? NO_SALT)),
    rows.map((row) => row.key),
    nodes.map((node) => node.level),
    nodes.map((node) => node.index),
    nodes.map((node) => node.hash),
    states.map((state) => state.run),
    states.map((state) => state.state),
    states.map((state) => state.index),
    BETWEEN,
    batch.newRuns,
    NO_SALT,
  ]
  const result = await db.query<{ done: boolean; known: boolean }>(APPEND, values, 'journal.append').catch((thrown) => {
    throw isUniqueViolation(thrown, KEY_INDEX) ? notNew() : thrown
  })
  if (result.rows[0]?.known) throw notNew()
  return result.rows[0]?.done === true
}

function joined(rows: readonly Row[], text: (row: Row) => string): string {
  return rows.map(text).join(BETWEEN)
}

const notNew = (): AzoraError =>
  new AzoraError('conflict', 'journal_not_new', 'a key or a run of the batch, taken for new, is in the log')
