import { AzoraError } from '@azora/base'
import { type Hash, inclusionPath, nodeHash } from '@azora/proof'
import type { JournalStore, NodeRange } from './store/port.ts'

/** Levels between two kept ones: a proof computes what lies between from at most 2^7 of their nodes. */
export const KEPT_LEVELS = 8

const nameOf = (level: number, index: number): string => `${level}:${index}`

/** The nearest kept nodes below a complete subtree. */
function keptBelow(level: number, index: number): NodeRange {
  const kept = level - (level % KEPT_LEVELS)
  const count = 2 ** (level - kept)
  return { level: kept, from: index * count, count }
}

/**
 * Proves that leaves are in the tree of `size` leaves.
 *
 * @param size at most the shard's present size
 * @returns for each index its path (RFC 9162, section 2.1.3.1)
 */
export async function proveInclusion(
  store: JournalStore,
  shard: string,
  size: number,
  indexes: number[],
): Promise<Hash[][]> {
  const needed = new Map<string, NodeRange>()
  const placeholder = Buffer.alloc(32)
  for (const index of indexes) {
    inclusionPath(index, size, (level, at) => {
      needed.set(nameOf(level, at), keptBelow(level, at))
      return placeholder
    })
  }
  const ranges = [
    ...new Map([...needed.values()].map((range) => [nameOf(range.level, range.from) + range.count, range])).values(),
  ]
  const known = new Map<string, Hash>()
  for (const node of await store.readNodes(shard, ranges)) known.set(nameOf(node.level, node.index), node.hash)

  const nodeAt = (level: number, index: number): Hash => {
    const name = nameOf(level, index)
    const found = known.get(name)
    if (found) return found
    if (level % KEPT_LEVELS === 0)
      throw new AzoraError('bug', 'journal_node_missing', `node ${name} of shard ${shard} is missing`)
    const hash = nodeHash(nodeAt(level - 1, index * 2), nodeAt(level - 1, index * 2 + 1))
    known.set(name, hash)
    return hash
  }
  return indexes.map((index) => inclusionPath(index, size, nodeAt))
}
