import { generateKeyPairSync } from 'node:crypto'
import type { JournalKeyStatement, KeyEndorsement } from '@azora/contracts'
import { describe, expect, it } from 'vitest'
import { openCheckpoint, signCheckpoint } from './checkpoint.ts'
import { createKeyTrust, endorseKey, flawInEndorsement } from './key-chain.ts'
import type { Signer } from './keys.ts'
import { createSigner } from './signing.ts'
import { signStatement } from './statement.ts'

const HOUR_MS = 3_600_000
const T0 = Date.parse('2026-03-01T00:00:00.000Z')
const at = (ms: number): string => new Date(T0 + ms).toISOString()
const newKey = (name = 'azora/test'): Signer => createSigner(name, generateKeyPairSync('ed25519').privateKey)
const [a, b, c, thief] = [newKey(), newKey(), newKey(), newKey()]

/** The key takes over at an hour, and the one before it signs for another hour. */
const link = (previous: Signer, key: Signer, hour: number, overlapMs = HOUR_MS): KeyEndorsement =>
  endorseKey(
    { previous, key },
    { from: at(hour * HOUR_MS), previousUntil: at(hour * HOUR_MS + overlapMs), at: at(hour * HOUR_MS) },
  )

const AB = link(a, b, 1)
const BC = link(b, c, 5)
const CHAIN = [AB, BC]
const nameOf = (text: string): string =>
  ['a', 'b', 'c', 'thief'][[a, b, c, thief].findIndex(({ verifier }) => verifier.text === text)] ?? '?'
const keysAt = (root: Signer, chain: KeyEndorsement[], hour: number): string[] => {
  const trust = createKeyTrust(root.verifier)
  expect(trust.follow(chain)).toBeUndefined()
  return trust.keysAt(T0 + hour * HOUR_MS).map(({ text }) => nameOf(text))
}

/** What somebody writes who has one of the keys only. */
function forged(change: Partial<JournalKeyStatement>, by: { previous?: Signer; key?: Signer } = {}): KeyEndorsement {
  const statement = { ...AB.statement, ...change }
  return {
    statement,
    byPrevious: by.previous ? signStatement(statement, by.previous).signature : AB.byPrevious,
    byKey: by.key ? signStatement(statement, by.key).signature : AB.byKey,
  }
}

describe('the trust in a journal key', () => {
  it('goes to what it endorses, and ends with the overlap', () => {
    expect(keysAt(a, [], 100)).toEqual(['a'])
    expect(keysAt(a, [AB], 1.5)).toEqual(['a', 'b'])
    expect(keysAt(a, [AB], 2)).toEqual(['b'])
    expect(keysAt(a, CHAIN, 5.5)).toEqual(['b', 'c'])
    expect(keysAt(a, CHAIN, 6)).toEqual(['c'])
    expect(keysAt(a, [link(a, b, 1, 0)], 1)).toEqual(['b'])
  })

  it('begins anywhere in the chain', () => {
    expect(keysAt(b, CHAIN, 6)).toEqual(['c'])
    expect(keysAt(c, CHAIN, 6)).toEqual(['c'])
  })

  it('grows with the chain, and never shrinks with a shorter one', () => {
    const trust = createKeyTrust(a.verifier)
    for (const chain of [[AB], CHAIN, [AB], []]) expect(trust.follow(chain)).toBeUndefined()
    expect(trust.keysAt(T0 + 7 * HOUR_MS).map(({ text }) => nameOf(text))).toEqual(['c'])
  })

  it.each<[string, KeyEndorsement[]]>([
    ['that a stranger endorsed', [forged({ key: thief.verifier.text }, { previous: thief, key: thief })]],
    ['whose new key did not sign', [forged({ key: thief.verifier.text }, { previous: a })]],
    ['whose new key was exchanged', [forged({ key: thief.verifier.text }, { key: thief })]],
    ['whose overlap was made longer', [forged({ previousUntil: at(99 * HOUR_MS) }, { key: b })]],
    ['of another log', [forged({ shard: 'azora/other' }, { previous: a, key: b })]],
    ['with a signature that is no signature', [{ ...AB, byPrevious: 'AAAA' }]],
    ['that is broken', [AB, link(thief, c, 5)]],
    ['that endorses itself', [forged({ key: a.verifier.text }, { previous: a, key: a })]],
    ['that comes back', [AB, link(b, a, 5)]],
    ['with another key than was heard of before', [AB, BC, link(b, thief, 6)]],
    ['of strangers', [link(thief, c, 1)]],
  ])('goes to no chain %s', (_what, chain) => {
    const trust = createKeyTrust(a.verifier)
    expect(trust.follow(chain)).toEqual(expect.any(String))
    expect(trust.keysAt(T0).map(({ text }) => nameOf(text))).toEqual(['a'])
  })

  it('stays with the first successor, whatever a stolen key signs later', () => {
    const trust = createKeyTrust(a.verifier)
    trust.follow([AB])
    expect(trust.follow([link(a, thief, 0)])).toMatch(/succeeded by another/)
    expect(trust.keysAt(T0 + 2 * HOUR_MS).map(({ text }) => nameOf(text))).toEqual(['b'])
  })
})

describe('an endorsement', () => {
  it('is signed by both keys', () => expect(flawInEndorsement(AB)).toBeUndefined())
})

describe('a checkpoint with two signatures', () => {
  it('opens with either key, and with no other', () => {
    const note = signCheckpoint({ origin: 'azora/test', size: 1, root: Buffer.alloc(32) }, b, a)
    for (const { verifier } of [a, b]) expect(openCheckpoint(note, verifier)).toMatchObject({ size: 1 })
    expect(openCheckpoint(note, thief.verifier, a.verifier)).toMatchObject({ size: 1 })
    expect(openCheckpoint(note, thief.verifier)).toBeUndefined()
    expect(openCheckpoint(note)).toBeUndefined()
  })
})
