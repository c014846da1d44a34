import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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

/** The test vectors of the reference implementation of certificate transparency. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (hex) => leafHash(Buffer.from(hex, 'hex')),
)
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const PATHS: Array<{ leaf: number; size: number; path: string[] }> = [
  { leaf: 0, size: 1, path: [] },
  {
    leaf: 0,
    size: 8,
    path: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    leaf: 5,
    size: 8,
    path: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { leaf: 2, size: 3, path: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  {
    leaf: 1,
    size: 5,
    path: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
]

describe('the published test vectors', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))('the root of $size leaves', ({ size, root }) => {
    expect(rootOf(extend(EMPTY_FRONTIER, LEAVES.slice(0, size))).toString('hex')).toBe(root)
  })

  it('the root of no leaf is the digest of nothing', () => expect(EMPTY_ROOT.toString('hex')).toBe(ROOTS[0]))

  it.each(PATHS)('the path of leaf $leaf in a tree of $size', ({ leaf, size, path }) => {
    const found = growTree(LEAVES.slice(0, size)).pathOf(leaf)
    expect(found.map((node) => node.toString('hex'))).toEqual(path)
    expect(rootFromInclusion(leaf, size, LEAVES[leaf] as Hash, found)?.toString('hex')).toBe(ROOTS[size])
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
          rootFromInclusion(...claim)?.equals(root) === true
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
