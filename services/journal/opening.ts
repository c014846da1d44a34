import { AzoraError } from '@azora/base'
import type { EntryHeader } from '@azora/contracts'
import { equal, type Frontier, leafOf, openCheckpoint, rootFromInclusion, rootOf, type Verifier } from '@azora/proof'
import { keyMismatch } from './signing.ts'
import type { JournalStore } from './store/port.ts'
import { proveInclusion } from './tree.ts'

/** The store's frontier must be the tree that was last signed. Throws `journal_key_mismatch` or `journal_corrupt`. */
export function assertSigned(note: string, verifiers: readonly [Verifier, ...Verifier[]], frontier: Frontier): void {
  const checkpoint = openCheckpoint(note, ...verifiers)
  const shard = verifiers[0].name
  if (!checkpoint) throw keyMismatch(shard)
  const { origin, size, root } = checkpoint
  if (origin !== shard) throw corrupt(shard, `its last checkpoint is that of ${origin}`)
  if (size !== frontier.size)
    throw corrupt(shard, `${size} entries were signed last, and ${frontier.size} are said to be there`)
  if (!equal(root, rootOf(frontier)))
    throw corrupt(shard, `the tree of its ${size} entries is not the one that was signed`)
}

/**
 * The header of the log's last entry, after proving that it is the one under the signed root and that nothing stands behind
 * it. Throws `journal_corrupt`.
 */
export async function readLastHeader(
  store: Pick<JournalStore, 'read' | 'readNodes'>,
  shard: string,
  frontier: Frontier,
): Promise<EntryHeader | undefined> {
  const { size } = frontier
  const rows = await store.read(shard, Math.max(0, size - 1), 2)
  const behind = rows.find(({ index }) => index >= size)
  if (behind) throw corrupt(shard, `entry ${behind.index} stands behind the last one that was signed, ${size - 1}`)
  if (size === 0) return undefined
  const [row] = rows
  if (!row) throw corrupt(shard, `its last entry, ${size - 1}, is missing`)
  const header: EntryHeader = JSON.parse(row.header)
  const path = await proveInclusion(store, shard, size, [size - 1]).catch((thrown) => {
    if (thrown instanceof AzoraError && thrown.code === 'journal_node_missing')
      throw corrupt(shard, `its tree has holes: ${thrown.message}`)
    throw thrown
  })
  const root = rootFromInclusion(size - 1, size, leafOf(header), path[0] ?? [])
  if (!root || !equal(root, rootOf(frontier)))
    throw corrupt(shard, `its last entry, ${size - 1}, or a node of its tree was changed`)
  return header
}

export const corrupt = (shard: string, flaw: string): AzoraError =>
  new AzoraError('conflict', 'journal_corrupt', `journal shard ${shard} doesn't match its last checkpoint: ${flaw}`, {
    remedy: 'Restore the database from a backup: the log was changed or lost its tail.',
  })
