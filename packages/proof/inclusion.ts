import { equal, fromBase64 } from '#crypto'
import type { Checkpoint } from './checkpoint.ts'
import { above, HASH_BYTES, type Hash, wayUp } from './merkle.ts'

/** Whether the tree has a leaf in that place; the path, leaf side first, is of hashes in base64. */
export type IncludesLeaf = (index: number, leaf: Hash, path: readonly string[]) => boolean

/** A node that a proof went through, and how it went on from there. */
interface Passed {
  hash: Hash
  path: readonly string[]
  at: number
}

const PASSED_MAX = 20_000

/**
 * Checks inclusion proofs in one tree (RFC 9162, section 2.1.3.2). The nodes that a proof went through are remembered: another
 * one that comes to the same hash there, and goes on by the same path, comes to the same root, so that neighbours share most
 * of the work.
 */
export function createInclusionCheck({ size, root }: Pick<Checkpoint, 'size' | 'root'>): IncludesLeaf {
  const passed = new Map<string, Passed>()

  return (index, leaf, path) => {
    const steps = wayUp(index, size)
    if (steps?.length !== path.length) return false
    const way: Array<[string, Passed]> = []
    let node = leaf
    for (const [at, step] of steps.entries()) {
      const place = `${step.level}:${step.index}`
      const known = passed.get(place)
      if (known) return equal(known.hash, node) && isSame(path, at, known)
      way.push([place, { hash: node, path, at }])
      const sibling = fromBase64(path[at] ?? '')
      if (sibling?.length !== HASH_BYTES) return false
      node = above(step, node, sibling)
    }
    if (!equal(node, root)) return false
    if (passed.size < PASSED_MAX) for (const [place, one] of way) passed.set(place, one)
    return true
  }
}

/** Whether a path goes on as the other one did: from one place both take as many steps. */
const isSame = (path: readonly string[], at: number, known: Passed): boolean =>
  path.slice(at).every((hash, step) => hash === known.path[known.at + step])
