import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equal, toHex } from '#crypto'
import {
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  extend,
  type Hash,
  inclusionPath,
  leafHash,
  nodeHash,
  rootFromInclusion,
  rootOf,
} from './merkle.ts'
import { growTree } from './testing/log.ts'
import vectors from './testing/vectors/merkle.json' with { type: 'json' }

const LEAVES = vectors.leaves.map((hex) => leafHash(Buffer.from(hex, 'hex')))
const ROOTS = vectors.roots
const OTHER = Buffer.from(vectors.otherHash, 'hex')
const NONE = Buffer.alloc(0)

describe('the published test vectors', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))('the root of $size leaves', ({ size, root }) => {
    expect(toHex(rootOf(extend(EMPTY_FRONTIER, LEAVES.slice(0, size))))).toBe(root)
  })

  it('the root of no leaf is the digest of nothing', () => expect(toHex(EMPTY_ROOT)).toBe(ROOTS[0]))

  describe.each(vectors.inclusion)('the path of leaf $leaf in a tree of $size', ({ leaf, size, path: hexPath }) => {
    const path = hexPath.map((hex) => Buffer.from(hex, 'hex'))
    const own = LEAVES[leaf] as Hash
    const root = Buffer.from(ROOTS[size] as string, 'hex')

    it('is the one that is built, and verifies', () => {
      const found = growTree(LEAVES.slice(0, size)).pathOf(leaf)
      expect(found.map(toHex)).toEqual(hexPath)
      expect(rootFromInclusion(leaf, size, own, found)).toEqual(root)
    })

    // The alterations of the reference implementation's own tests.
    const altered: Array<[what: string, index: number, size: number, leaf: Hash, path: Hash[], root?: Hash]> = [
      ['the leaf before', leaf - 1, size, own, path],
      ['the leaf behind', leaf + 1, size, own, path],
      ['another leaf', leaf ^ 2, size, own, path],
      ['a higher tree', leaf, size * 2, own, path],
      ['a lower tree', leaf, Math.floor(size / 2), own, path],
      ['a wrong leaf', leaf, size, Buffer.from('WrongLeaf'), path],
      ['the empty root', leaf, size, own, path, EMPTY_ROOT],
      ['a random root', leaf, size, own, path, OTHER],
      ['garbage at its end', leaf, size, own, [...path, NONE]],
      ['the root at its end', leaf, size, own, [...path, root]],
      ['garbage at its front', leaf, size, own, [NONE, ...path]],
      ['the root at its front', leaf, size, own, [root, ...path]],
      ...path.map((_, at): [string, number, number, Hash, Hash[]] => [
        `node ${at} changed`,
        leaf,
        size,
        own,
        path.with(at, OTHER),
      ]),
      ...(path.length > 0 ? [['its last node missing', leaf, size, own, path.slice(0, -1)] as const] : []),
      ...(path.length > 1 ? [['a node inserted', leaf, size, own, path.toSpliced(1, 0, OTHER)] as const] : []),
    ].map((claim) => claim as [string, number, number, Hash, Hash[], Hash?])
    it.each(altered)('does not verify with %s', (_, index, of, leafClaimed, pathClaimed, rootClaimed = root) =>
      expect(equal(rootFromInclusion(index, of, leafClaimed, pathClaimed) ?? NONE, rootClaimed)).toBe(false),
    )
  })
})

const leavesOf = (count: number): Hash[] => Array.from({ length: count }, (_, at) => leafHash(`leaf ${at}`))

describe('a tree of any size', () => {
  it('proves every leaf of every prefix, and grows the same in one go or in parts', () => {
    const leaves = leavesOf(70)
    let frontier = EMPTY_FRONTIER
    for (let size = 1; size <= leaves.length; size += 1) {
      frontier = extend(frontier, leaves.slice(size - 1, size))
      const { root, pathOf } = growTree(leaves.slice(0, size))
      expect(rootOf(frontier)).toEqual(root)
      for (let leaf = 0; leaf < size; leaf += 1)
        expect(rootFromInclusion(leaf, size, leaves[leaf] as Hash, pathOf(leaf))).toEqual(root)
    }
  })

  it('proves nothing else: not another leaf, index, size or path', () => {
    const cases = fc
      .record({ size: fc.integer({ min: 2, max: 300 }), seed: fc.nat(), other: fc.nat(), bit: fc.nat({ max: 255 }) })
      .map(({ size, seed, other, bit }) => ({ size, leaf: seed % size, other: other % size, bit }))
    fc.assert(
      fc.property(cases, ({ size, leaf, other, bit }) => {
        const leaves = leavesOf(size)
        const { root, pathOf } = growTree(leaves)
        const path = pathOf(leaf)
        const own = leaves[leaf] as Hash
        const leadsToRoot = (...claim: Parameters<typeof rootFromInclusion>): boolean =>
          equal(rootFromInclusion(...claim) ?? NONE, root)
        expect(leadsToRoot(leaf, size, own, path)).toBe(true)

        if (other !== leaf) {
          expect(leadsToRoot(leaf, size, leaves[other] as Hash, path)).toBe(false)
          expect(leadsToRoot(other, size, own, path)).toBe(false)
        }
        expect(leadsToRoot(leaf, size, own, path.slice(1))).toBe(false)
        expect(leadsToRoot(leaf, size, own, [...path, root])).toBe(false)
        const flipped = path.map((node) => Buffer.from(node))
        const victim = flipped[bit % flipped.length] as Hash
        victim[bit >> 3] = (victim[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(leadsToRoot(leaf, size, own, flipped)).toBe(false)
        expect(leadsToRoot(size, size, own, path)).toBe(false)
        expect(leadsToRoot(-1, size, own, path)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  it('tells an inner node from a leaf, so that a subtree is no entry', () => {
    const [a, b] = leavesOf(2) as [Hash, Hash]
    expect(nodeHash(a, b)).not.toEqual(leafHash(Buffer.concat([a, b])))
  })

  it('asks for complete subtrees only', () => {
    const asked: string[] = []
    inclusionPath(2, 7, (level, index) => {
      asked.push(`${level}:${index}`)
      return EMPTY_ROOT
    })
    expect(asked.sort()).toEqual(['0:3', '0:6', '1:0', '1:2'])
  })
})
