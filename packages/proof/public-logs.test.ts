import { describe, expect, it } from 'vitest'
import { equal, fromBase64 } from '#crypto'
import { openCheckpoint } from './checkpoint.ts'
import { isConsistent, type TreeHead } from './consistency.ts'
import { parseVerifier, type Verifier } from './keys.ts'
import { type Hash, leafHash, rootFromInclusion } from './merkle.ts'
import vectors from './testing/vectors/public-logs.json' with { type: 'json' }
import { formatTlogProof, isProvedBy, parseTlogProof } from './tlog-proof.ts'

// What logs of others have really answered: trees of hundreds of millions of leaves that no code of ours has built.

const bytes = (text: string): Uint8Array => fromBase64(text) as Uint8Array
const headOf = ({ size, root }: { size: number; root: string }): TreeHead => ({ size, root: bytes(root) })

describe.each(vectors.logs)('$log', ({ entry, index, inclusion, consistency, to, from }) => {
  const [older, newer] = [headOf(from), headOf(to)]
  const leaf = leafHash(bytes(entry))
  const included = (path: readonly Hash[], at = index, size = newer.size): boolean => {
    const root = rootFromInclusion(at, size, leaf, path)
    return root !== undefined && equal(root, newer.root)
  }

  it('has the entry', () => {
    const path = inclusion.map(bytes)
    expect(included(path)).toBe(true)
    for (const changed of alterationsOf(path)) expect(included(changed)).toBe(false)
    for (const at of [index - 1, index + 1, index ^ 2, 0]) expect(included(path, at)).toBe(false)
  })

  it('continues its older tree', () => {
    const path = consistency.map(bytes)
    expect(isConsistent(older, newer, path)).toBe(true)
    for (const changed of alterationsOf(path)) expect(isConsistent(older, newer, changed)).toBe(false)
    expect(isConsistent({ ...older, size: older.size + 1 }, newer, path)).toBe(false)
    expect(isConsistent({ ...older, root: newer.root }, newer, path)).toBe(false)
    expect(isConsistent(older, { ...newer, root: older.root }, path)).toBe(false)
  })
})

it('sum.golang.org signed both trees, and its proof makes one text', () => {
  const { entry, index, inclusion, to, from, notes, key } = vectors.logs[1] as (typeof vectors.logs)[number]
  const [older, newer] = [headOf(from), headOf(to)]
  const leaf = leafHash(bytes(entry))
  const verifier = parseVerifier(key ?? '') as Verifier
  const opened = notes?.map((note) => openCheckpoint(note, verifier))
  expect(opened).toEqual([older, newer].map((head) => ({ origin: 'go.sum database tree', ...asBuffer(head) })))
  const text = formatTlogProof({ index, path: inclusion.map(bytes), checkpoint: notes?.[1] ?? '' })
  const proof = parseTlogProof(text)
  const checkpoint = proof && openCheckpoint(proof.checkpoint, verifier)
  if (!checkpoint) expect.unreachable()
  expect(isProvedBy(proof, leaf, checkpoint)).toBe(true)
  expect(isProvedBy({ index, path: vectors.inOlder.path.map(bytes) }, leaf, { origin: '', ...older })).toBe(true)
})

const asBuffer = ({ size, root }: TreeHead): TreeHead => ({ size, root: Buffer.from(root) })

/** Each bit flipped, each node missing, doubled or swapped with its neighbour, and one more at either end. */
function* alterationsOf(path: readonly Hash[]): Iterable<Hash[]> {
  for (const [at, node] of path.entries()) {
    for (let bit = 0; bit < 256; bit += 1) {
      const flipped = Uint8Array.from(node)
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7))
      yield path.with(at, flipped)
    }
    yield path.toSpliced(at, 1)
    yield path.toSpliced(at, 0, node)
    const next = path[at + 1]
    if (next) yield path.with(at, next).with(at + 1, node)
  }
  const [first] = path
  if (first)
    yield* [
      [...path, first],
      [first, ...path],
    ]
}
