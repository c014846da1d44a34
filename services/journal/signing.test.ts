import { generateKeyPairSync } from 'node:crypto'
import type { Entry, KeyEndorsement } from '@azora/contracts'
import { createSigner, endorseKey, type Signer } from '@azora/proof'
import { describe, expect, it } from 'vitest'
import { createSigning } from './signing.ts'

const T0 = Date.parse('2026-03-01T00:00:00.000Z')
const OVERLAP_MS = 1_000
const newKey = (name = 'azora/test'): Signer => createSigner(name, generateKeyPairSync('ed25519').privateKey)
const [a, b, c] = [newKey(), newKey(), newKey()]

const link = (previous: Signer, key: Signer, atMs = T0): KeyEndorsement => {
  const from = new Date(atMs).toISOString()
  return endorseKey({ previous, key }, { from, previousUntil: new Date(atMs + OVERLAP_MS).toISOString(), at: from })
}
const committed = (endorsement: KeyEndorsement): Entry =>
  ({ header: { kind: 'journal.key_rotated' }, payload: { endorsement }, salt: '' }) as Entry

describe('the keys that sign', () => {
  it('are the one there is, until another is admitted, endorsed and alone', () => {
    const signing = createSigning([a], [])
    expect(signing.signersAt(T0)).toEqual([a])
    signing.admit(b)
    expect(signing.signersAt(T0)).toEqual([a, b])
    signing.onCommit(committed(link(a, b)))
    expect(signing.admitted).toBeUndefined()
    expect(signing.signersAt(T0 + OVERLAP_MS - 1)).toEqual([b, a])
    expect(signing.signersAt(T0 + OVERLAP_MS)).toEqual([b])
    expect(signing.active).toBe(b.verifier)
  })

  it('do not change for a key that was not admitted here', () => {
    const signing = createSigning([a], [])
    signing.admit(b)
    signing.onCommit(committed(link(a, c)))
    expect(signing.active).toBe(a.verifier)
  })

  it('are those that the record names, wherever they were found', () => {
    for (const held of [[b, a] as const, [a, b] as const]) {
      const signing = createSigning(held as [Signer, Signer], [link(a, b)])
      expect(signing.signersAt(T0)).toEqual([b, a])
    }
    // The old private key may be gone; then the new one signs alone.
    expect(createSigning([b], [link(a, b)]).signersAt(T0)).toEqual([b])
  })

  it.each<[string, [Signer, ...Signer[]], KeyEndorsement[]]>([
    ['the newest key is not at hand', [a], [link(a, b)]],
    ['a link is missing', [c], [link(a, b), link(newKey(), c)]],
    ['a link is forged', [b], [{ ...link(a, b), byPrevious: link(c, b).byPrevious }]],
    ['a link is of another log', [b], [link(newKey('azora/other'), newKey('azora/other')), link(a, b)]],
  ])('are refused when %s', (_what, held, chain) => {
    expect(() => createSigning(held, chain)).toThrow(expect.objectContaining({ code: 'journal_key_mismatch' }))
  })
})
