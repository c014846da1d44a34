import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64 } from '#crypto'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { leafHash } from './merkle.ts'
import { growTree, newSigner } from './testing/log.ts'
import vectors from './testing/vectors/tlog-proof.json' with { type: 'json' }
import { formatTlogProof, isProvedBy, parseTlogProof } from './tlog-proof.ts'

describe('the published proofs', () => {
  it.each(vectors.valid)('$what', ({ text, index, path, extra, checkpoint }) => {
    const proof = parseTlogProof(text)
    expect(proof?.index).toBe(index)
    expect(proof?.path.map(toBase64)).toEqual(path)
    expect(proof?.extra && Buffer.from(proof.extra).toString()).toBe(extra)
    expect(proof?.checkpoint).toBe(checkpoint)
    expect(proof && formatTlogProof(proof)).toBe(text)
  })

  it.each(vectors.malformed)('refused: $what', ({ text }) => expect(parseTlogProof(text)).toBeUndefined())
})

describe('a proof', () => {
  const signer = newSigner('azora/test')
  const leaves = Array.from({ length: 13 }, (_, at) => leafHash(`leaf ${at}`))
  const tree = growTree(leaves)
  const checkpoint = signCheckpoint({ origin: 'azora/test', size: 13, root: tree.root }, signer)
  const text = formatTlogProof({ index: 11, path: tree.pathOf(11), checkpoint })
  const verifies = (of: string): boolean => {
    const proof = parseTlogProof(of)
    const opened = proof && openCheckpoint(proof.checkpoint, signer.verifier)
    return opened !== undefined && isProvedBy(proof as NonNullable<typeof proof>, leaves[11] as Buffer, opened)
  }

  it('leads from its record to a signed checkpoint', () => expect(verifies(text)).toBe(true))

  it('verifies no more when any character of it is changed, missing or doubled', () => {
    for (let at = 0; at < text.length; at += 1) {
      const [before, here, after] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)]
      const changed = String.fromCharCode(here.charCodeAt(0) ^ 1)
      for (const altered of [before + changed + after, before + after, before + here + here + after])
        expect(verifies(altered), JSON.stringify(altered)).toBe(false)
    }
  })

  it('proves no other record', () => {
    const proof = parseTlogProof(text)
    const opened = openCheckpoint(checkpoint, signer.verifier)
    if (!proof || !opened) expect.unreachable()
    for (const [at, leaf] of leaves.entries()) expect(isProvedBy(proof, leaf, opened)).toBe(at === 11)
    expect(isProvedBy({ ...proof, index: 10 }, leaves[10] as Buffer, opened)).toBe(false)
  })

  it('has limits', () => {
    expect(parseTlogProof(formatTlogProof({ index: 0, path: Array(65).fill(tree.root), checkpoint }))).toBeUndefined()
    expect(() => formatTlogProof({ index: 0, path: [], checkpoint, extra: Buffer.alloc(65_537) })).toThrow(RangeError)
    const long = formatTlogProof({ index: 0, path: [], checkpoint: 'x'.repeat(600_000) })
    expect(parseTlogProof(long)).toBeUndefined()
  })

  it('survives any text', () => {
    const piece = fc.constantFrom(
      'c2sp.org/tlog-proof@v1\n',
      'extra ',
      'index ',
      '12',
      'AAAA',
      '\n',
      toBase64(tree.root),
    )
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 20 }), (of) => {
        const parsed = parseTlogProof(of)
        if (parsed) expect(formatTlogProof(parsed)).toBe(of)
      }),
      { numRuns: 2_000 },
    )
  })
})
