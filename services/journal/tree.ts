import { AzoraError } from '@azora/base'
import { consistencyPath, type Hash, inclusionPath, type NodeSource, nodeHash } from '@azora/proof'
import type { JournalStore, NodeRange } from './store/port.ts'

/** Levels between two kept ones: a proof computes what lies between from at most 2^7 of their nodes. */
export const KEPT_LEVELS = 8

type Store = Pick<JournalStore, 'readNodes'>

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
export const proveInclusion = (store: Store, shard: string, size: number, indexes: number[]): Promise<Hash[][]> =>
  fromNodes(store, shard, (nodes) => indexes.map((index) => inclusionPath(index, size, nodes)))

/**
 * Proves that the tree of `to` leaves begins with that of `from` (RFC 9162, section 2.1.4.1).
 *
 * @param to at most the shard's present size, and at least `from`
 */
export const proveConsistency = (store: Store, shard: string, from: number, to: number): Promise<Hash[]> =>
  fromNodes(store, shard, (nodes) => consistencyPath(from, to, nodes))

/** Runs `build` twice: to learn which nodes it asks for, then with what one read of the store found. */
export async function fromNodes<T>(store: Store, shard: string, build: (nodes: NodeSource) => T): Promise<T> {
  const ranges = new Map<string, NodeRange>()
  const placeholder = Buffer.alloc(32)
  build((level, index) => {
    const range = keptBelow(level, index)
    ranges.set(nameOf(range.level, range.from) + range.count, range)
    return placeholder
  })
  const known = new Map<string, Hash>()
  if (ranges.size > 0)
    for (const node of await store.readNodes(shard, [...ranges.values()]))
      known.set(nameOf(node.level, node.index), node.hash)

  const nodeAt: NodeSource = (level, index) => {
    const name = nameOf(level, index)
    const found = known.get(name)
    if (found) return found
    if (level % KEPT_LEVELS === 0)
      throw new AzoraError('bug', 'journal_node_missing', `node ${name} of shard ${shard} is missing`)
    const hash = nodeHash(nodeAt(level - 1, index * 2), nodeAt(level - 1, index * 2 + 1))
    known.set(name, hash)
    return hash
  }
  return build(nodeAt)
}
