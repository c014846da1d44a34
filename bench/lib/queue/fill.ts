import type { Db } from '@azora/base/db'
import type { Signer } from '@azora/proof'
import { signTree } from '../long-log.ts'
import { type EntryTemplate, MARKS } from './template.ts'

/** Runs that are copied: whole ones, or only their first entry. */
export interface Fill {
  runs: number
  entries: readonly EntryTemplate[]
  /** Where they stand after these entries. */
  state: 'scheduled' | 'running' | 'awaiting_review' | 'success'
  /** One after the other in turn. */
  tenants: readonly string[]
  priorities: readonly number[]
}

const RUNS_A_STATEMENT = 50_000
/** So many runs begin in each millisecond. */
const RUNS_A_MS = 50

/**
 * Rows as the journal's store makes them: ids are UUIDs of version 7 in the order of the log, headers and payloads those of
 * the templates, with digests and leaf hashes of their own.
 */
const ENTRIES = `
with run as (
  select n, (to_timestamp(($3::bigint + n / ${RUNS_A_MS}) / 1000.0) at time zone 'UTC') as at,
    (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-7' || lpad(to_hex(n % ${RUNS_A_MS}), 3, '0') || '-8'
      || substr(md5($3::text || n), 1, 3) || '-' || substr(md5($3::text || n), 4, 12)) as id,
    ($8::text[])[1 + n % array_length($8::text[], 1)] as tenant,
    ($9::int[])[1 + n % array_length($9::int[], 1)] as priority
  from (select n, lpad(to_hex($3::bigint + n / ${RUNS_A_MS}), 12, '0') as h
    from generate_series($4::bigint, $5::bigint) as n) numbered
), made as (
  select $2::bigint + run.n * array_length($6::text[], 1) + e.place - 1 as index, run.id, e.kind, e.header, run.tenant,
    to_char(run.at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, uuid_send(gen_random_uuid()) as salt,
    replace(replace(replace(replace(e.payload, '${MARKS.run}', run.id), '${MARKS.tenant}', run.tenant),
      '${MARKS.priority}', run.priority::text),
      '${MARKS.at}', to_char(run.at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as payload
  from run cross join rows from (unnest($6::text[]), unnest($7::text[]), unnest($10::text[]))
    with ordinality as e (kind, header, payload, place)
), headed as (
  select made.*, replace(replace(replace(replace(replace(made.header, '${MARKS.index}', made.index::text),
    '${MARKS.digest}', encode(sha256(made.salt || convert_to(made.payload, 'UTF8')), 'hex')),
    '${MARKS.run}', made.id), '${MARKS.at}', made.at), '${MARKS.tenant}', made.tenant) as text
  from made
)
insert into journal.entry (shard, index, run, kind, header, leaf, payload, salt)
select $1, index, id::uuid, kind, text, sha256('\\x00'::bytea || convert_to(text, 'UTF8')), payload, salt from headed`

const STATES = `
insert into journal.run_state (run, state, index)
select run, $4, max(index) from journal.entry where shard = $1 and index >= $2 and index < $3 group by run`

/** The list of runs as the projector would make it. */
const LIST = `
insert into orchestrator.run (id, tenant, agent_id, state, priority, spec, started_at, finished_at, index, skill)
select e.run, spec ->> 'tenant', spec ->> 'agentId', $4, (spec ->> 'priority')::int, spec,
  case when $4 <> 'scheduled' then spec ->> 'createdAt' end, case when $4 = 'success' then spec ->> 'createdAt' end,
  s.index, case when json_array_length(spec #> '{plan,steps}') = 1 then spec #>> '{plan,steps,0,skill}' end
from (select run, payload::json -> 'spec' as spec from journal.entry
  where shard = $1 and index >= $2 and index < $3 and kind = 'run.scheduled') e
join journal.run_state s using (run)`

/** How many entries the journal holds. */
export async function sizeOfLog(db: Db, signer: Signer): Promise<number> {
  const { rows } = await db.query<{ size: string }>('select size from journal.shard where id = $1', [
    signer.verifier.name,
  ])
  return Number(rows[0]?.size)
}

/**
 * Copies runs into a log that no server has open, by SQL instead of by appending, which would take hours.
 *
 * @param signer the journal's
 */
export async function fillRuns(db: Db, signer: Signer, fill: Fill): Promise<void> {
  const shard = signer.verifier.name
  const { rows } = await db.query<{ size: string; frontier: Buffer }>(
    'select size, frontier from journal.shard where id = $1',
    [shard],
  )
  const size = Number(rows[0]?.size)
  const hashes = rows[0]?.frontier ?? Buffer.alloc(0)
  const roots = Array.from({ length: hashes.length / 32 }, (_, at) => hashes.subarray(at * 32, at * 32 + 32))
  const { entries } = fill
  // A million span 20 s, which pass while they are made: time doesn't run backwards in the log.
  const fromMs = Date.now()
  for (let from = 0; from < fill.runs; from += RUNS_A_STATEMENT) {
    await db.query(ENTRIES, [
      ...[shard, size, fromMs, from, Math.min(fill.runs, from + RUNS_A_STATEMENT) - 1],
      ...[entries.map(({ kind }) => kind), entries.map(({ header }) => header)],
      ...[fill.tenants, fill.priorities, entries.map(({ payload }) => payload)],
    ])
  }
  const end = size + fill.runs * entries.length
  await db.query(STATES, [shard, size, end, fill.state])
  await db.query(LIST, [shard, size, end, fill.state])
  for (const cursor of ['orchestrator.cursor', 'orchestrator.budget_cursor'])
    await db.query(`update ${cursor} set next = $2 where shard = $1`, [shard, end])
  await signTree(db, signer, { size, roots }, end)
  for (const table of ['journal.entry', 'journal.run_state', 'orchestrator.run'])
    await db.query(`vacuum analyze ${table}`)
}
