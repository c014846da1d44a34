import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equal, fromBase64, toBase64 } from '#crypto'
import { createInclusionCheck } from './inclusion.ts'
import { type Hash, leafHash, rootFromInclusion } from './merkle.ts'
import { growTree } from './testing/log.ts'
import vectors from './testing/vectors/merkle.json' with { type: 'json' }

const bytes = (hex: string): Hash => Buffer.from(hex, 'hex')
const texts = (path: readonly Hash[]): string[] => path.map(toBase64)
const leavesOf = (count: number): Hash[] => Array.from({ length: count }, (_, at) => leafHash(`leaf ${at}`))

it.each(vectors.inclusion)('verifies the published path of leaf $leaf in a tree of $size', ({ leaf, size, path }) => {
  const includes = createInclusionCheck({ size, root: bytes(vectors.roots[size] as string) })
  const own = leafHash(bytes(vectors.leaves[leaf] as string))
  const way = texts(path.map(bytes))
  for (let times = 0; times < 2; times += 1) {
    expect(includes(leaf, own, way)).toBe(true)
    expect(includes(leaf, own, [...way, way[0] ?? toBase64(own)])).toBe(false)
    expect(includes(leaf, leafHash('another'), way)).toBe(false)
    for (const at of way.keys()) {
      expect(includes(leaf, own, way.with(at, toBase64(leafHash('another'))))).toBe(false)
      expect(includes(leaf, own, way.with(at, 'no hash'))).toBe(false)
    }
    if (way.length > 0) expect(includes(leaf, own, way.slice(1))).toBe(false)
    if (way.length > 0) expect(includes(leaf, own, way.slice(0, -1))).toBe(false)
  }
})

type Claim = { leaf: number; as: number; place: number; change: 'none' | 'swap' | 'cut' | 'double' | 'other' }

const claim: fc.Arbitrary<Claim> = fc.record({
  leaf: fc.nat(),
  as: fc.nat(),
  place: fc.nat(),
  change: fc.constantFrom('none', 'none', 'swap', 'cut', 'double', 'other'),
})

it('says of each of many claims, in any order, what the algorithm of the RFC says of it alone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.array(claim, { maxLength: 40 }), (size, claims) => {
      const leaves = leavesOf(size)
      const { root, pathOf } = growTree(leaves)
      const includes = createInclusionCheck({ size, root })
      for (const { leaf, as, place, change } of claims) {
        const index = change === 'other' ? as % (size + 2) : leaf % size
        const path = changed(texts(pathOf(leaf % size)), place, change)
        const decoded = path.map((text) => fromBase64(text) ?? new Uint8Array())
        const alone = rootFromInclusion(index, size, leaves[leaf % size] as Hash, decoded)
        expect(includes(index, leaves[leaf % size] as Hash, path)).toBe(alone !== undefined && equal(alone, root))
      }
    }),
  )
})

function changed(path: string[], place: number, change: Claim['change']): string[] {
  const at = place % Math.max(1, path.length)
  if (change === 'swap') return path.toReversed()
  if (change === 'cut') return path.toSpliced(at, 1)
  if (change === 'double') return path.toSpliced(at, 0, path[at] ?? '')
  return path
}
