import { consistencyPath, type Hash, leafHash, type TreeHead } from '@azora/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growTree } from '../../packages/proof/testing/log.ts'
import { judge } from './judge.ts'

const leavesOf = (size: number, change?: number): Hash[] =>
  Array.from({ length: size }, (_, at) => leafHash(at === change ? 'changed' : `entry ${at}`))
const headOf = (leaves: Hash[]): TreeHead => ({ size: leaves.length, root: growTree(leaves).root })
const proofOf = (from: number, leaves: Hash[]): Hash[] => consistencyPath(from, leaves.length, growTree(leaves).nodeAt)

const sizes = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 0, max: 40 }))
const isPowerOfTwo = (size: number): boolean => Number.isInteger(Math.log2(size))

describe('a witness', () => {
  it('cosigns every tree that continues the one it saw, from any size to any larger one', () => {
    fc.assert(
      fc.property(sizes, ([from, more]) => {
        const leaves = leavesOf(from + more)
        const seen = headOf(leaves.slice(0, from))
        expect(judge(seen, headOf(leaves), { oldSize: from, proof: proofOf(from, leaves) })).toEqual({ kind: 'cosign' })
      }),
    )
  })

  it('never cosigns a tree in which an entry that it saw was changed, and knows the contradiction', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([from, more], pick) => {
        const seen = headOf(leavesOf(from))
        const forked = leavesOf(from + more, pick % from)
        const judgement = judge(seen, headOf(forked), { oldSize: from, proof: proofOf(from, forked) })
        // Between a power of two and a larger size the proof doesn't hold the old root, so it shows nothing by itself.
        const finding = more > 0 && isPowerOfTwo(from) ? 'unproved' : 'contradiction'
        expect(judgement).toMatchObject({ kind: 'refuse', status: more === 0 ? 409 : 422, finding })
      }),
    )
  })

  it('does not hold a bad proof for a contradiction of the log', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(255), ([from, more], pick, byte) => {
        const leaves = leavesOf(from + more + 1)
        const proof = proofOf(from, leaves)
        const at = pick % proof.length
        const node = Buffer.from(proof[at] as Hash)
        node[pick % 32] = (node[pick % 32] as number) ^ (byte || 1)
        const judgement = judge(headOf(leaves.slice(0, from)), headOf(leaves), {
          oldSize: from,
          proof: proof.with(at, node),
        })
        expect(judgement).toMatchObject({ kind: 'refuse', status: 422, finding: 'unproved' })
      }),
    )
  })

  it('tells a sender who knows another size what it saw, and cosigns nothing', () => {
    fc.assert(
      fc.property(sizes, fc.nat(200), ([from, more], oldSize) => {
        fc.pre(oldSize !== from)
        const leaves = leavesOf(from + more)
        const judgement = judge(headOf(leaves.slice(0, from)), headOf(leaves), {
          oldSize,
          proof: proofOf(from, leaves),
        })
        expect(judgement).toMatchObject(oldSize > from + more ? { kind: 'refuse', status: 400 } : { kind: 'stale' })
      }),
    )
  })

  it('takes what it is shown first, without a proof', () => {
    expect(judge(undefined, headOf(leavesOf(9)), { oldSize: 0, proof: [] })).toEqual({ kind: 'cosign' })
    expect(judge(undefined, headOf([]), { oldSize: 0, proof: [] })).toEqual({ kind: 'cosign' })
    expect(judge(headOf([]), headOf(leavesOf(3)), { oldSize: 0, proof: [] })).toEqual({ kind: 'cosign' })
  })

  it.each([
    ['a proof from nothing', undefined, headOf(leavesOf(2)), 0, leavesOf(1), 422],
    ['a proof between equals', headOf(leavesOf(2)), headOf(leavesOf(2)), 2, leavesOf(1), 422],
    ['an empty tree with another root', undefined, { size: 0, root: leafHash('x') }, 0, [], 409],
  ] as const)('refuses %s without a finding', (_, seen, shown, oldSize, proof, status) => {
    expect(judge(seen, shown, { oldSize, proof })).toEqual({ kind: 'refuse', status, why: expect.any(String) })
  })
})
