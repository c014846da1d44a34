import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSigner } from './signing.ts'
import { isSignedBy, signStatement } from './statement.ts'

const newSigner = (name = 'azora/owner') => createSigner(name, generateKeyPairSync('ed25519').privateKey)
const signer = newSigner()
const trusted = [newSigner().verifier.text, signer.verifier.text]

describe('a signed statement', () => {
  const signed = signStatement({ a: 1, b: [true, null] }, signer)

  it('is verified whatever the order of its members', () => {
    expect(isSignedBy({ ...signed, statement: { b: [true, null], a: 1 } }, trusted)).toBe(true)
  })

  it.each([
    ['another statement', { ...signed, statement: { a: 2, b: [true, null] } }],
    ['another signature', { ...signed, signature: signStatement({ a: 1 }, signer).signature }],
    ['a short signature', { ...signed, signature: 'AAAA' }],
    ['a signature in another form', { ...signed, signature: ` ${signed.signature}` }],
    ['the key of somebody else who is trusted', { ...signed, key: trusted[0] ?? '' }],
    ['a key that nobody trusts', signStatement({ a: 1, b: [true, null] }, newSigner())],
    ['no key', { ...signed, key: 'azora/owner' }],
  ])('is refused with %s', (_, altered) => expect(isSignedBy(altered, trusted)).toBe(false))

  it('is refused where nobody is trusted', () => expect(isSignedBy(signed, [])).toBe(false))
})
