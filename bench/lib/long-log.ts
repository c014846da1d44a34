import type { Db } from '@azora/base/db'
import { EMPTY_FRONTIER, extend, type Frontier, rootOf, type Signer, signCheckpoint } from '@azora/proof'

const ROWS_A_STATEMENT = 200_000
const LEAVES_A_PAGE = 50_000
/** Every eighth level of the tree is kept, as the journal's store does. */
const KEPT_LEVELS = 8

/** Entries as wide as those of ordinary actions: header some 330 bytes, payload some 600. */
const INSERT = `
insert into journal.entry (shard, index, run, kind, header, leaf, payload, salt)
select $1, made.index, made.run, 'agent.recognized', made.header,
  sha256('\\x00'::bytea || convert_to(made.header, 'UTF8')), made.payload, made.salt
from (
  select row.*, format(
    '{"actor":"agent:worker@1.0.0","at":"2026-01-01T00:00:00.000Z","index":%s,"kind":"agent.recognized","payloadDigest":"%s","run":"%s","shard":"%s","tenant":"default"}',
    row.index, encode(sha256(row.salt || convert_to(row.payload, 'UTF8')), 'hex'), row.run, $1::text
  ) as header
  from (
    select index, md5((index / 10)::text)::uuid as run, decode(md5('salt ' || index), 'hex') as salt,
      format('{"pattern":"%s"}', repeat(md5(index::text), 18)) as payload
    from generate_series($2::bigint, $3::bigint) as index
  ) row
) made`

/**
 * Fills an empty shard by SQL instead of by appending, which would take hours: entries with true leaf hashes, the kept
 * nodes, the frontier and a signed head. Indexes that no proof uses are left out while it is filled.
 *
 * @param signer the journal's, whose name is the shard's
 */
export async function fillLog(db: Db, signer: Signer, entries: number, say: (text: string) => void): Promise<void> {
  const shard = signer.verifier.name
  await db.query('alter table journal.entry disable trigger all')
  for (const index of ['entry_by_run', 'entry_by_key', 'entry_by_kind']) {
    await db.query(`drop index if exists journal.${index}`)
  }
  for (let from = 0; from < entries; from += ROWS_A_STATEMENT) {
    await db.query(INSERT, [shard, from, Math.min(entries, from + ROWS_A_STATEMENT) - 1])
    if (from % (ROWS_A_STATEMENT * 10) === 0) say(`${from} of ${entries} entries`)
  }
  await db.query('alter table journal.entry enable trigger all')
  // The journal looks for its keys by kind when it opens.
  await db.query('create index entry_by_kind on journal.entry (shard, kind, index)')
  await signTree(db, signer, EMPTY_FRONTIER, entries)
  await db.query('analyze journal.entry')
  await db.query('analyze journal.node')
}

/**
 * Grows the tree over the entries that are there, and signs it, as appending them would have.
 *
 * @param before the tree over those before
 */
export async function signTree(db: Db, signer: Signer, before: Frontier, entries: number): Promise<void> {
  const shard = signer.verifier.name
  const frontier = await growTree(db, shard, before, entries)
  const checkpoint = signCheckpoint({ origin: shard, size: entries, root: rootOf(frontier) }, signer)
  await db.query('update journal.shard set size = $2, frontier = $3, checkpoint = $4 where id = $1', [
    shard,
    entries,
    Buffer.concat(frontier.roots),
    checkpoint,
  ])
}

async function growTree(db: Db, shard: string, before: Frontier, entries: number): Promise<Frontier> {
  let frontier = before
  while (frontier.size < entries) {
    const { rows } = await db.query<{ leaf: Buffer }>(
      'select leaf from journal.entry where shard = $1 and index >= $2 order by index limit $3',
      [shard, frontier.size, LEAVES_A_PAGE],
    )
    const nodes: Array<[level: number, index: number, hash: Uint8Array]> = []
    const leaves = rows.map(({ leaf }) => leaf)
    frontier = extend(frontier, leaves, (level, index, hash) => {
      if (level > 0 && level % KEPT_LEVELS === 0) nodes.push([level, index, hash])
    })
    await db.query(
      `insert into journal.node (shard, level, index, hash)
       select $1, n.* from unnest($2::smallint[], $3::bigint[], $4::bytea[]) as n`,
      [shard, ...[0, 1, 2].map((part) => nodes.map((node) => node[part]))],
    )
  }
  return frontier
}
