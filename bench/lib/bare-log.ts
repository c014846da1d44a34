import type { Db } from '@azora/base/db'

interface Row {
  index: string
  run: string | null
  kind: string
  header: string
  leaf: Buffer
  payload: string | null
  salt: Buffer | null
  key: string | null
}

/** A table with the journal's columns and indexes, and nothing of what makes it a log. */
export interface BareLog {
  /** The rows that the journal wrote, from an index on. */
  rowsFrom(index: number): Promise<Row[]>
  /** Takes the rows from an index on away again. */
  empty(index: number): Promise<void>
  /** Inserts the rows in batches of these sizes, one after the other, each durable before the next. */
  insert(rows: readonly Row[], batches: readonly number[], way: 'arrays' | 'texts'): Promise<void>
}

/** How rows are often inserted: an array for each column. */
const FROM_ARRAYS = `
insert into bare.entry (shard, index, run, kind, header, leaf, payload, salt, key)
select $1, e.* from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::text[], $8::bytea[], $9::text[]) as e`

/** How the journal's store does it. */
const FROM_TEXTS = `
insert into bare.entry (shard, index, run, kind, header, leaf, payload, salt, key)
select $1, $2::bigint + e.n - 1, e.run, e.kind, e.header, substr($6::bytea, (e.n::int - 1) * 32 + 1, 32),
  e.payload, substr($8::bytea, (e.n::int - 1) * 16 + 1, 16), e.key
from rows from (
  unnest($3::uuid[]), string_to_table($4, $10), string_to_table($5, $10), string_to_table($7, $10), unnest($9::text[])
) with ordinality as e (run, kind, header, payload, key, n)`

const COLUMNS = ['index', 'run', 'kind', 'header', 'leaf', 'payload', 'salt', 'key'] as const

export async function createBareLog(db: Db, shard: string): Promise<BareLog> {
  await db.query('drop schema if exists bare cascade')
  await db.query('create schema bare')
  await db.query(
    'create table bare.entry (like journal.entry including defaults including constraints including indexes)',
  )
  return {
    async rowsFrom(index) {
      const { rows } = await db.query<Row>(
        `select ${COLUMNS.join(', ')} from journal.entry where shard = $1 and index >= $2 order by index`,
        [shard, index],
      )
      return rows
    },
    async empty(index) {
      await db.query('delete from bare.entry where index >= $1', [index])
    },
    async insert(rows, batches, way) {
      let at = 0
      for (const size of batches) {
        const batch = rows.slice(at, at + size)
        at += size
        if (way === 'arrays')
          await db.query(FROM_ARRAYS, [shard, ...COLUMNS.map((column) => batch.map((row) => row[column]))], way)
        else await db.query(FROM_TEXTS, textsOf(shard, batch), way)
      }
    },
  }
}

const BETWEEN = '\u0001'

const textsOf = (shard: string, batch: readonly Row[]): unknown[] => [
  shard,
  batch[0]?.index,
  batch.map(({ run }) => run),
  batch.map(({ kind }) => kind).join(BETWEEN),
  batch.map(({ header }) => header).join(BETWEEN),
  Buffer.concat(batch.map(({ leaf }) => leaf)),
  batch.map(({ payload }) => payload).join(BETWEEN),
  Buffer.concat(batch.map(({ salt }) => salt ?? Buffer.alloc(16))),
  batch.map(({ key }) => key),
  BETWEEN,
]
