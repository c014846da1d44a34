import { equal, fromBase64 } from '#crypto'
import type { Checkpoint } from './checkpoint.ts'
import { HASH_BYTES, type Hash, nodeHash } from './merkle.ts'

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
    if (!Number.isSafeInteger(index) || index >= size || index < 0) return false
    const way: Array<[string, Passed]> = []
    let node = leaf
    let fn = index
    let sn = size - 1
    let level = 0
    const up = (): void => {
      fn = Math.floor(fn / 2)
      sn = Math.floor(sn / 2)
      level += 1
    }
    for (const [at, text] of path.entries()) {
      const place = `${level}:${fn}`
      const known = passed.get(place)
      if (known) return equal(known.hash, node) && isSame(path, at, known)
      way.push([place, { hash: node, path, at }])
      const sibling = fromBase64(text)
      if (sn === 0 || sibling?.length !== HASH_BYTES) return false
      if (fn % 2 === 1 || fn === sn) {
        node = nodeHash(sibling, node)
        while (fn % 2 === 0 && fn !== 0) up()
      } else node = nodeHash(node, sibling)
      up()
    }
    if (sn !== 0 || !equal(node, root)) return false
    if (passed.size < PASSED_MAX) for (const [place, one] of way) passed.set(place, one)
    return true
  }
}

function isSame(path: readonly string[], at: number, known: Passed): boolean {
  const left = path.length - at
  if (left !== known.path.length - known.at) return false
  for (let step = 0; step < left; step += 1) if (path[at + step] !== known.path[known.at + step]) return false
  return true
}
