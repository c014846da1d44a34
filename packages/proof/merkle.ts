import { concat, sha256 } from '#crypto'

/** SHA-256, 32 bytes. */
export type Hash = Uint8Array
export const HASH_BYTES = 32

/** Root of the tree without leaves (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Hash = sha256('')

/** RFC 9162, section 2.1.1: the hash of a leaf. */
export const leafHash = (data: string | Uint8Array): Hash =>
  sha256(typeof data === 'string' ? `\0${data}` : concat(LEAF, data))

const LEAF = Uint8Array.of(0)

/** RFC 9162, section 2.1.1: the hash of an inner node. */
export function nodeHash(left: Hash, right: Hash): Hash {
  NODE.set(left, 1)
  NODE.set(right, 1 + HASH_BYTES)
  return sha256(NODE)
}

/** What an inner node hashes; only its two halves change. */
const NODE = Uint8Array.of(1, ...new Uint8Array(2 * HASH_BYTES))

/**
 * The roots of the complete subtrees that a tree of `size` leaves is made of, largest first. Their sizes are the powers
 * of two in `size`, so it holds at most 53 hashes; it is all that appending needs.
 */
export interface Frontier {
  readonly size: number
  readonly roots: readonly Hash[]
}

export const EMPTY_FRONTIER: Frontier = { size: 0, roots: [] }

/** Names the complete subtree with 2^level leaves that starts at leaf `index * 2^level`. */
export type NodeListener = (level: number, index: number, hash: Hash) => void

/** Adds leaves; tells `onNode` each complete subtree that they finish, the leaves themselves included. */
export function extend(frontier: Frontier, leaves: readonly Hash[], onNode: NodeListener = () => {}): Frontier {
  const roots = [...frontier.roots]
  let size = frontier.size
  for (const leaf of leaves) {
    let node = leaf
    let index = size
    let level = 0
    onNode(level, index, node)
    while (index % 2 === 1) {
      node = nodeHash(roots.pop() as Hash, node)
      index = (index - 1) / 2
      level += 1
      onNode(level, index, node)
    }
    roots.push(node)
    size += 1
  }
  return { size, roots }
}

/** Root hash of the whole tree. */
export function rootOf(frontier: Frontier): Hash {
  if (frontier.roots.length === 0) return EMPTY_ROOT
  return frontier.roots.reduceRight((right, left) => nodeHash(left, right))
}

/** Answers the root of a complete subtree of the tree at hand. */
export type NodeSource = (level: number, index: number) => Hash

/** The largest power of two that is smaller than `size`, which is at least 2. */
export function largestPowerBelow(size: number): number {
  const power = 2 ** Math.floor(Math.log2(size - 1))
  // The logarithm of a number of 53 bits may be rounded up.
  return power < size ? power : power / 2
}

/** Of which power of two the width is, or undefined when it is none. */
export function levelOf(width: number): number | undefined {
  const level = Math.round(Math.log2(width))
  return 2 ** level === width ? level : undefined
}

/** Root of the leaves from `start` to before `end`, where `start` is a multiple of the power of two next to their number. */
export function subtreeRoot(start: number, end: number, nodes: NodeSource): Hash {
  const width = end - start
  const level = levelOf(width)
  if (level !== undefined) return nodes(level, start / width)
  const split = start + largestPowerBelow(width)
  return nodeHash(subtreeRoot(start, split, nodes), subtreeRoot(split, end, nodes))
}

/** RFC 9162, section 2.1.3.1: the hashes that prove that leaf `index` is in the tree of `size` leaves, leaf side first. */
export function inclusionPath(index: number, size: number, nodes: NodeSource): Hash[] {
  const path: Hash[] = []
  let start = 0
  let end = size
  while (end - start > 1) {
    const split = start + largestPowerBelow(end - start)
    if (index < split) {
      path.push(subtreeRoot(split, end, nodes))
      end = split
    } else {
      path.push(subtreeRoot(start, split, nodes))
      start = split
    }
  }
  return path.reverse()
}

/** A step up from a leaf to the root: the node from which it goes, by its level and place there, and where its sibling is. */
export interface StepUp {
  level: number
  index: number
  isRight: boolean
}

/**
 * RFC 9162, section 2.1.3.2: the way from leaf `index` to the root of the tree of `size` leaves, as many steps as its path has hashes;
 * undefined when there is no such leaf.
 */
export function wayUp(index: number, size: number): StepUp[] | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index >= size || index < 0) return undefined
  const way: StepUp[] = []
  let fn = index
  let sn = size - 1
  let level = 0
  const up = (): void => {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
    level += 1
  }
  while (sn !== 0) {
    const isRight = fn % 2 === 1 || fn === sn
    way.push({ level, index: fn, isRight })
    if (isRight) while (fn % 2 === 0 && fn !== 0) up()
    up()
  }
  return way
}

/** The node above a node and its sibling. */
export const above = ({ isRight }: StepUp, node: Hash, sibling: Hash): Hash =>
  isRight ? nodeHash(sibling, node) : nodeHash(node, sibling)

/** RFC 9162, section 2.1.3.2: the root that a leaf and its path lead to, or undefined when the path can't be right. */
export function rootFromInclusion(index: number, size: number, leaf: Hash, path: readonly Hash[]): Hash | undefined {
  const way = wayUp(index, size)
  if (way?.length !== path.length || path.some((node) => node.length !== HASH_BYTES)) return undefined
  return way.reduce((node, step, at) => above(step, node, path[at] as Hash), leaf)
}
