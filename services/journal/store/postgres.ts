import { fileURLToPath } from 'node:url'
import { AzoraError } from '@azora/base'
import { type Db, migrate } from '@azora/base/db'
import type { EntryHeader, EntryKind, RunState } from '@azora/contracts'
import type { PayloadCodec } from '../payloads/port.ts'
import { append } from './append.ts'
import type { Erasure, Head, JournalStore, NodeRange, Row, RunPosition, TreeNode } from './port.ts'

const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url))
const HASH_BYTES = 32

/**
 * The journal's store in PostgreSQL: schema `journal`.
 *
 * @param payloads what is kept in the place of payloads; every row that is written or read goes through it
 */
export async function createPostgresStore(db: Db, payloads: PayloadCodec): Promise<JournalStore> {
  await migrate(db, 'journal', MIGRATIONS)
  const rowOf = (row: EntryRow): Row => payloads.open(storedOf(row))
  const seenBy = (tenant: string | undefined) => (tenant === undefined ? db : db.within(tenant))
  return {
    async acquire(shard, create) {
      const { rows } = await db.query<HeadRow>(
        `insert into journal.shard as s (id, epoch, size, frontier, checkpoint) values ($1, 1, 0, '', $2)
         on conflict (id) do update set epoch = s.epoch + 1
         returning epoch, size, frontier, checkpoint`,
        [shard, create().checkpoint],
      )
      return headOf(rows[0])
    },
    async head(shard) {
      const { rows } = await db.query<HeadRow>(
        'select epoch, size, frontier, checkpoint from journal.shard where id = $1',
        [shard],
      )
      return rows[0] && headOf(rows[0])
    },
    async append(batch) {
      await payloads.prepare(batch.rows)
      return append(db, { ...batch, rows: batch.rows.map(payloads.seal) })
    },
    erase: (erasure) => erase(db, erasure),
    async read(shard, from, limit) {
      const { rows } = await db.query<EntryRow>(
        `select ${COLUMNS} from journal.entry where shard = $1 and index >= $2 order by index limit $3`,
        [shard, from, limit],
      )
      return rows.map(rowOf)
    },
    async readIndexes(shard, indexes, tenant) {
      const { rows } = await seenBy(tenant).query<EntryRow>(
        `select ${COLUMNS} from journal.entry where shard = $1 and index = any($2::bigint[]) order by index`,
        [shard, indexes],
        'journal.indexes',
      )
      return rows.map(rowOf)
    },
    async readPage(shard, from, to, { limit, bytes }) {
      const { rows } = await db.query<EntryRow>(READ_PAGE, [shard, from, to, limit, bytes], 'journal.page')
      return rows.map(rowOf)
    },
    async readKinds(shard, kinds, { after, limit, bytes, unerased = false }) {
      const values = [shard, kinds, after, limit, bytes, unerased]
      const { rows } = await db.query<EntryRow>(READ_KINDS, values, 'journal.kinds')
      return rows.map(rowOf)
    },
    async readPlaces(shard, kinds, size, { after, limit, bytes }) {
      const { rows } = await (kinds === 'all'
        ? db.query<Place>(PAGE_PLACES, [shard, after + 1, size, limit, bytes], 'journal.page.places')
        : db.query<Place>(KINDS_PLACES, [shard, kinds, after, limit, bytes, false], 'journal.kinds.places'))
      return rows.map(({ index }) => Number(index))
    },
    async readLast(shard, kind) {
      const { rows } = await db.query<EntryRow>(
        `select ${COLUMNS} from journal.entry where shard = $1 and kind = $2 order by index desc limit 1`,
        [shard, kind],
      )
      return rows[0] && rowOf(rows[0])
    },
    async readRun(run, after, limit, tenant) {
      const { rows } = await seenBy(tenant).query<EntryRow>(
        `select ${COLUMNS} from journal.entry where run = $1 and index > $2 order by index limit $3`,
        [run, after, limit],
      )
      return rows.map(rowOf)
    },
    async readKeys(shard, keys) {
      const { rows } = await db.query<EntryRow>(
        `select ${COLUMNS} from journal.entry where shard = $1 and key = any($2::text[])`,
        [shard, keys],
      )
      return rows.map(rowOf)
    },
    async readPositions(runs) {
      const { rows } = await db.query<PositionRow>(READ_POSITIONS, [runs], 'journal.positions')
      return new Map(rows.map((row) => [row.run, positionOf(row)]))
    },
    async readMoves(runs) {
      const { rows } = await db.query<{ run: string; state: RunState; index: string }>(
        'select run, state, index from journal.run_state where run = any($1::uuid[])',
        [runs],
        'journal.moves',
      )
      return new Map(rows.map(({ run, state, index }) => [run, { state, index: Number(index) }]))
    },
    async readHeaders(shard, from, count) {
      const { rows } = await db.query<Pick<Row, 'header'>>(
        'select header from journal.entry where shard = $1 and index >= $2 and index < $2 + $3::bigint order by index',
        [shard, from, count],
      )
      return rows.map(({ header }) => header)
    },
    readNodes: (shard, ranges) => readNodes(db, shard, ranges),
  }
}

const COLUMNS = 'index, run, kind, header, leaf, payload, salt, key, erased_by'

/** Lengths are known without reading the payloads themselves, so what is behind a page costs little. */
const pageWith = (columns: string): string => `
select ${columns} from (
  select e.*, sum(coalesce(octet_length(e.payload), 0)) over (order by e.index rows between unbounded preceding and 1 preceding) as before
  from (select ${COLUMNS} from journal.entry where shard = $1 and index >= $2 and index < $3 order by index limit $4) e
) page where coalesce(before, 0) < $5 order by index`

/** Each kind is read in the order of its index, and what they give is merged: no sort of the log. */
const kindsWith = (columns: string): string => `
select ${columns} from (
  select e.*, sum(coalesce(octet_length(e.payload), 0)) over (order by e.index rows between unbounded preceding and 1 preceding) as before
  from (
    select found.* from unnest($2::text[]) as wanted (kind) cross join lateral (
      select ${COLUMNS} from journal.entry
      where shard = $1 and kind = wanted.kind and index > $3 and (not $6 or payload is not null) order by index limit $4
    ) found order by found.index limit $4
  ) e
) page where coalesce(before, 0) < $5 order by index`

/**
 * The last entry of a run says its place; the state is kept apart, as most entries change none. The laterals look up each run
 * by itself: a join would read the states of all runs there are.
 */
const READ_POSITIONS = `
select wanted.run, state.state, last.header from unnest($1::uuid[]) as wanted (run)
  cross join lateral (select header from journal.entry where run = wanted.run order by index desc limit 1) last
  left join lateral (select state from journal.run_state where run = wanted.run offset 0) state on true`

const [READ_PAGE, PAGE_PLACES] = [pageWith(COLUMNS), pageWith('index')]
const [READ_KINDS, KINDS_PLACES] = [kindsWith(COLUMNS), kindsWith('index')]

type Place = Pick<EntryRow, 'index'>

interface PositionRow {
  run: string
  state: RunState | null
  header: string
}

function positionOf({ state, header }: PositionRow): RunPosition {
  const { runIndex }: Pick<EntryHeader, 'runIndex'> = JSON.parse(header)
  return { state: state ?? undefined, next: runIndex === undefined ? undefined : runIndex + 1 }
}

interface HeadRow {
  epoch: string
  size: string
  frontier: Buffer
  checkpoint: string
}

interface EntryRow extends Omit<Row, 'index' | 'kind' | 'erasedBy'> {
  index: string
  kind: string
  erased_by: string | null
}

function headOf(row: HeadRow | undefined): Head {
  if (!row) throw new AzoraError('bug', 'journal_shard_missing', 'the journal shard vanished while it was acquired')
  return {
    epoch: Number(row.epoch),
    size: Number(row.size),
    frontier: hashesIn(row.frontier),
    checkpoint: row.checkpoint,
  }
}

const storedOf = ({ erased_by, ...row }: EntryRow): Row => ({
  ...row,
  index: Number(row.index),
  kind: row.kind as EntryKind,
  ...(erased_by !== null && { erasedBy: Number(erased_by) }),
})

async function erase(db: Db, { shard, epoch, indexes, by }: Erasure): Promise<void> {
  await db.query(
    `update journal.entry e set payload = null, salt = null, erased_by = $4
     from journal.shard s
     where s.id = $1 and s.epoch = $2 and e.shard = s.id and e.index = any($3::bigint[]) and e.payload is not null`,
    [shard, epoch, indexes, by],
    'journal.erase',
  )
}

/** A row for each range, its nodes one after the other: a proof takes hundreds of them. */
const READ_NODES = `
select range.level, string_agg(int8send(found.index) || found.hash, ''::bytea) as nodes
from unnest($2::smallint[], $3::bigint[], $4::bigint[]) as range (level, first, count)
cross join lateral (
  select index, leaf as hash from journal.entry
  where range.level = 0 and shard = $1 and index >= range.first and index < range.first + range.count
  union all
  select index, hash from journal.node
  where range.level > 0 and shard = $1 and level = range.level and index >= range.first and index < range.first + range.count
) found group by range.level, range.first`

async function readNodes(db: Db, shard: string, ranges: NodeRange[]): Promise<TreeNode[]> {
  const { rows } = await db.query<{ level: number; nodes: Buffer }>(
    READ_NODES,
    [shard, ranges.map(({ level }) => level), ranges.map(({ from }) => from), ranges.map(({ count }) => count)],
    'journal.nodes',
  )
  return rows.flatMap(({ level, nodes }) => nodesIn(level, nodes))
}

const INDEX_BYTES = 8

/** Each node is its index in eight bytes and its hash. */
function nodesIn(level: number, bytes: Buffer): TreeNode[] {
  const width = INDEX_BYTES + HASH_BYTES
  return Array.from({ length: bytes.length / width }, (_, at) => ({
    level,
    index: Number(bytes.readBigUInt64BE(at * width)),
    hash: bytes.subarray(at * width + INDEX_BYTES, (at + 1) * width),
  }))
}

const hashesIn = (bytes: Buffer): Buffer[] =>
  Array.from({ length: bytes.length / HASH_BYTES }, (_, at) => bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES))
