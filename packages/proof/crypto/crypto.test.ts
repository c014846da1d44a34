import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../testing/vectors/ed25519.json' with { type: 'json' }
import * as browser from './browser.ts'
import * as node from './node.ts'

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex')
const plain = (value: Uint8Array | undefined): number[] | undefined => value && [...value]

describe.each([
  ['node', node],
  ['browser', browser],
])('%s', (_, of) => {
  it.each(vectors.valid)('verifies the signature of RFC 8032 over "$message"', ({ publicKey, message, signature }) => {
    const verify = of.ed25519Verifier(bytes(publicKey))
    expect(verify(bytes(message), bytes(signature))).toBe(true)
    expect(verify(bytes(`${message}00`), bytes(signature))).toBe(false)
    expect(verify(bytes(message), bytes(`${signature}00`))).toBe(false)
    expect(verify(bytes(message), bytes(signature.slice(2)))).toBe(false)
  })

  it('has no signature by bytes that are no key', () =>
    expect(of.ed25519Verifier(new Uint8Array(32).fill(0xff))(new Uint8Array(), new Uint8Array(64))).toBe(false))

  it('hashes as FIPS 180-4 shows', () =>
    expect(of.sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'))
})

describe('node and browser decide alike', () => {
  it.each(vectors.edgeCases)('about $what', ({ publicKey, message, signature }) => {
    const [inNode, inBrowser] = [node, browser].map(({ ed25519Verifier }) =>
      ed25519Verifier(bytes(publicKey))(bytes(message), bytes(signature)),
    )
    expect(inBrowser).toBe(inNode)
  })

  it('about signatures, right ones and altered ones', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    const [inNode, inBrowser] = [node.ed25519Verifier(raw), browser.ed25519Verifier(raw)]
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 511 }), (message, bit) => {
        const signature = sign(null, message, privateKey)
        expect([inNode(message, signature), inBrowser(message, signature)]).toEqual([true, true])
        signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7))
        expect([inNode(message, signature), inBrowser(message, signature)]).toEqual([false, false])
      }),
      { numRuns: 40 },
    )
  })

  it('about texts and bytes', () => {
    const data = fc.uint8Array({ maxLength: 300 })
    const text = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.string({ unit: fc.constantFrom('A', 'B', '=', '+', '/', '-', '\n', 'é') }),
    )
    fc.assert(
      fc.property(data, data, text, (a, b, of) => {
        expect(plain(browser.sha256(a))).toEqual(plain(node.sha256(a)))
        expect(plain(browser.sha256(of))).toEqual(plain(node.sha256(of)))
        expect(plain(browser.utf8(of))).toEqual(plain(node.utf8(of)))
        expect(plain(browser.concat(a, b, a))).toEqual(plain(node.concat(a, b, a)))
        expect([browser.equal(a, b), browser.equal(a, a)]).toEqual([node.equal(a, b), true])
        expect(browser.toHex(a)).toBe(node.toHex(a))
        expect(plain(browser.fromHex(node.toHex(a)))).toEqual(plain(a))
        expect(browser.toBase64(a)).toBe(node.toBase64(a))
        expect(plain(browser.fromBase64(of))).toEqual(plain(node.fromBase64(of)))
        expect(plain(browser.fromBase64(node.toBase64(a)))).toEqual(plain(a))
      }),
      { numRuns: 500 },
    )
  })
})
