import { equal } from '#crypto'
import { HASH_BYTES, type Hash, largestPowerBelow, levelOf, type NodeSource, nodeHash, subtreeRoot } from './merkle.ts'

/**
 * RFC 9162, section 2.1.4.1: the hashes that prove that the tree of `to` leaves begins with all leaves of the tree of
 * `from`, in their order. Empty when there is nothing to prove: `from` is 0 or `to`.
 */
export function consistencyPath(from: number, to: number, nodes: NodeSource): Hash[] {
  if (from === 0) return []
  const path: Hash[] = []
  let start = 0
  let end = to
  while (from !== end) {
    const split = start + largestPowerBelow(end - start)
    if (from <= split) {
      path.push(subtreeRoot(split, end, nodes))
      end = split
    } else {
      path.push(subtreeRoot(start, split, nodes))
      start = split
    }
  }
  // The old tree's own root is known to who asks; the root of a part of it is not.
  if (start > 0) path.push(subtreeRoot(start, end, nodes))
  return path.reverse()
}

/** A tree as its checkpoint states it. */
export interface TreeHead {
  size: number
  root: Hash
}

/** RFC 9162, section 2.1.4.2: whether the path proves that the later tree only adds leaves to the earlier one. */
export function isConsistent(from: TreeHead, to: TreeHead, path: readonly Hash[]): boolean {
  if (!Number.isSafeInteger(from.size) || !Number.isSafeInteger(to.size) || from.size < 0 || from.size > to.size)
    return false
  if (from.size === to.size) return path.length === 0 && equal(from.root, to.root)
  if (from.size === 0) return path.length === 0
  if (path.some((node) => node.length !== HASH_BYTES)) return false
  // The path leaves out the old root where it is a node of the new tree.
  const [first, ...others] = levelOf(from.size) === undefined ? path : [from.root, ...path]
  if (!first || path.length === 0) return false
  const roots = climb(from.size, to.size, first, others)
  return roots !== undefined && equal(roots.from, from.root) && equal(roots.to, to.root)
}

/**
 * The two roots that a path between trees of these sizes connects, whether or not they are those that somebody expects.
 * Undefined when it connects none, and when it leaves out the old root: `from` is then a power of two.
 */
export function rootsFromConsistency(
  from: number,
  to: number,
  path: readonly Hash[],
): { from: Hash; to: Hash } | undefined {
  const [first, ...others] = path
  if (!first || from <= 0 || from >= to || levelOf(from) !== undefined) return undefined
  return path.every((node) => node.length === HASH_BYTES) ? climb(from, to, first, others) : undefined
}

/** Goes up from the last node that both trees share. */
function climb(
  fromSize: number,
  toSize: number,
  first: Hash,
  others: readonly Hash[],
): { from: Hash; to: Hash } | undefined {
  let fn = fromSize - 1
  let sn = toSize - 1
  const up = (): void => {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  while (fn % 2 === 1) up()
  let fromRoot = first
  let toRoot = first
  for (const node of others) {
    if (sn === 0) return undefined
    if (fn % 2 === 1 || fn === sn) {
      fromRoot = nodeHash(node, fromRoot)
      toRoot = nodeHash(node, toRoot)
      while (fn % 2 === 0 && fn !== 0) up()
    } else {
      toRoot = nodeHash(toRoot, node)
    }
    up()
  }
  return sn === 0 ? { from: fromRoot, to: toRoot } : undefined
}
