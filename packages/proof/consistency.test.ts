import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equal, toHex } from '#crypto'
import { consistencyPath, isConsistent, type TreeHead } from './consistency.ts'
import { type Hash, leafHash } from './merkle.ts'
import { growTree } from './testing/log.ts'
import vectors from './testing/vectors/merkle.json' with { type: 'json' }

const bytes = (hex: string): Hash => Buffer.from(hex, 'hex')
const headAt = (size: number): TreeHead => ({ size, root: bytes(vectors.roots[size] as string) })
const LEAVES = vectors.leaves.map((hex) => leafHash(bytes(hex)))
const OTHER = bytes(vectors.otherHash)
const NONE = Buffer.alloc(0)

describe.each(vectors.consistency)('the published proof from $from to $to', ({ from, to, path: hexPath }) => {
  const path = hexPath.map(bytes)
  const [old, now] = [headAt(from), headAt(to)]

  it('is the one that is built', () => {
    const found = consistencyPath(from, to, growTree(LEAVES.slice(0, to)).nodeAt)
    expect(found.map(toHex)).toEqual(hexPath)
  })

  it('verifies', () => expect(isConsistent(old, now, path)).toBe(true))

  // The alterations of the reference implementation's own tests.
  const altered: Array<[what: string, from: TreeHead, to: TreeHead, path: Hash[]]> = [
    ['a smaller old size', { ...old, size: from - 1 }, now, path],
    ['a larger old size', { ...old, size: from + 1 }, now, path],
    ['another old size', { ...old, size: from ^ 2 }, now, path],
    ['a higher tree', old, { ...now, size: to * 2 }, path],
    ['a lower tree', old, { ...now, size: Math.floor(to / 2) }, path],
    ['a wrong old root', { ...old, root: Buffer.from('WrongRoot') }, now, path],
    ['a wrong new root', old, { ...now, root: Buffer.from('WrongRoot') }, path],
    ['swapped roots', { ...old, root: now.root }, { ...now, root: old.root }, path],
    ['no path', old, now, []],
    ['garbage at its end', old, now, [...path, NONE]],
    ['the old root at its end', old, now, [...path, old.root]],
    ['the new root at its end', old, now, [...path, now.root]],
    ['garbage at its front', old, now, [NONE, ...path]],
    ['the old root at its front', old, now, [old.root, ...path]],
    ['the new root at its front', old, now, [now.root, ...path]],
    ['its first node twice', old, now, [...path.slice(0, 1), ...path]],
    ['its last node missing', old, now, path.slice(0, -1)],
    ...path.map((_, at): [string, TreeHead, TreeHead, Hash[]] => [
      `node ${at} changed`,
      old,
      now,
      flipped(path, at, 4),
    ]),
  ]
  if (path.length > 0)
    it.each(altered)('does not verify with %s', (_, ...claim) => expect(isConsistent(...claim)).toBe(false))
})

describe('the published borders', () => {
  const [one, two] = [OTHER, bytes(vectors.roots[0] as string)]
  const cases: Array<[fromSize: number, toSize: number, from: Hash, to: Hash, path: Hash[], holds: boolean]> = [
    [0, 0, one, two, [], false],
    [1, 1, one, two, [], false],
    [0, 0, one, one, [], true],
    [0, 1, one, two, [], true],
    [1, 1, two, two, [], true],
    [1, 0, one, two, [], false],
    [2, 1, one, two, [], false],
    [1, 2, one, two, [], false],
    [0, 0, two, two, [two], false],
    [0, 1, two, two, [two], false],
    [1, 1, two, two, [two], false],
  ]
  it.each(cases)('%i to %i', (from, to, fromRoot, toRoot, path, holds) =>
    expect(isConsistent({ size: from, root: fromRoot }, { size: to, root: toRoot }, path)).toBe(holds),
  )
})

describe('a tree of any size', () => {
  const trees = Array.from({ length: 71 }, (_, size) =>
    growTree(Array.from({ length: size }, (_, at) => leafHash(`leaf ${at}`))),
  )
  const head = (size: number): TreeHead => ({ size, root: (trees[size] as ReturnType<typeof growTree>).root })
  const proofOf = (from: number, to: number) => consistencyPath(from, to, (trees[to] as (typeof trees)[0]).nodeAt)

  it('continues every prefix of it', () => {
    for (let to = 0; to < trees.length; to += 1)
      for (let from = 0; from <= to; from += 1)
        expect(isConsistent(head(from), head(to), proofOf(from, to)), `${from} to ${to}`).toBe(true)
  })

  it('is proved by nothing else', () => {
    const size = fc.integer({ min: 1, max: 70 })
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat({ max: 255 }), size, (a, b, seed, bit, other) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        if (from === to) return
        const path = proofOf(from, to)
        const at = seed % path.length
        const alike = (changed: Hash[]): boolean =>
          changed.length === path.length && changed.every((node, n) => equal(node, path[n] as Hash))
        const swapped = [...path]
        const next = (at + 1) % path.length
        ;[swapped[at], swapped[next]] = [path[next] as Hash, path[at] as Hash]
        const inserted = path.toSpliced(at, 0, OTHER)
        for (const changed of [flipped(path, at, bit), path.toSpliced(at, 1), inserted, [...path, OTHER], swapped])
          if (!alike(changed)) expect(isConsistent(head(from), head(to), changed)).toBe(false)
        if (other !== from) expect(isConsistent({ ...head(from), size: other }, head(to), path)).toBe(false)
        if (other !== from) expect(isConsistent({ size: from, root: head(other).root }, head(to), path)).toBe(false)
        if (other !== to) expect(isConsistent(head(from), { size: to, root: head(other).root }, path)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it.each([Number.NaN, -1, 1.5, 2 ** 53])('has no size %d', (size) => {
    expect(isConsistent({ ...head(1), size }, head(2), proofOf(1, 2))).toBe(false)
    expect(isConsistent(head(1), { ...head(2), size }, proofOf(1, 2))).toBe(false)
  })
})

function flipped(path: readonly Hash[], at: number, bit: number): Hash[] {
  const node = Buffer.from(path[at] as Hash)
  node[bit >> 3] = (node[bit >> 3] as number) ^ (1 << (bit & 7))
  return path.with(at, node)
}
