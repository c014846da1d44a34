import type { Db } from '@azora/base/db'
import type { EntryHeader } from '@azora/contracts'
import {
  canonical,
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  extend,
  type Frontier,
  type Hash,
  leafOf,
  payloadDigest,
  rootOf,
  type Signer,
  signCheckpoint,
} from '@azora/proof'

/** Changes the database as somebody with full rights over it would: no trigger and no foreign key is in the way. */
export const asSuperuser = (db: Db, ...statements: string[]): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    for (const statement of statements) await tx.query(statement)
  })

export interface LogEntry {
  header: EntryHeader
  payload: string | null
}

interface Row {
  header: string
  payload: string | null
  salt: Buffer | null
}

const KEPT_LEVELS = 8

/**
 * Rewrites a log so that everything in it agrees again: payload digests, headers, leaves, nodes, frontier and all published
 * checkpoints, signed by whoever holds this key.
 *
 * @param change gets each entry and answers what is to stand in its place
 */
export async function forgeLog(
  db: Db,
  signer: Signer,
  change: (entry: LogEntry, index: number) => LogEntry,
): Promise<void> {
  const shard = signer.verifier.name
  const { rows } = await db.query<Row>('select header, payload, salt from journal.entry order by index')
  const forged = rows.map(({ header, payload, salt }, index) => {
    const entry = change({ header: JSON.parse(header), payload }, index)
    const digest = entry.payload !== null && salt !== null && payloadDigest(salt.toString('hex'), entry.payload)
    const sealed = digest ? { ...entry.header, payloadDigest: digest } : entry.header
    return { header: canonical(sealed), payload: entry.payload, leaf: leafOf(sealed) }
  })
  const nodes: Array<{ level: number; index: number; hash: Hash }> = []
  const roots: Hash[] = [EMPTY_ROOT]
  let frontier: Frontier = EMPTY_FRONTIER
  for (const { leaf } of forged) {
    frontier = extend(frontier, [leaf], (level, index, hash) => {
      if (level > 0 && level % KEPT_LEVELS === 0) nodes.push({ level, index, hash })
    })
    roots.push(rootOf(frontier))
  }
  const noteAt = (size: number): string => signCheckpoint({ origin: shard, size, root: roots[size] as Hash }, signer)
  const { rows: published } = await db.query<{ size: string }>('select size from journal.checkpoint')

  await db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica')
    for (const [index, { header, payload, leaf }] of forged.entries())
      await tx.query('update journal.entry set header = $2, payload = $3, leaf = $4 where index = $1', [
        index,
        header,
        payload,
        leaf,
      ])
    await tx.query('delete from journal.node')
    for (const { level, index, hash } of nodes)
      await tx.query('insert into journal.node (shard, level, index, hash) values ($1, $2, $3, $4)', [
        shard,
        level,
        index,
        hash,
      ])
    await tx.query('update journal.shard set frontier = $1, checkpoint = $2', [
      Buffer.concat(frontier.roots),
      noteAt(forged.length),
    ])
    await tx.query('delete from journal.cosignature')
    for (const size of published.map((row) => Number(row.size)).filter((size) => size <= forged.length))
      await tx.query('update journal.checkpoint set root = $2, note = $3 where size = $1', [
        size,
        roots[size],
        noteAt(size),
      ])
  })
}
