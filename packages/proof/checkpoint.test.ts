import { createPrivateKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64 } from '#crypto'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { parseVerifier, parseWitnessKey, type Verifier } from './keys.ts'
import { EMPTY_ROOT, leafHash } from './merkle.ts'
import { createSigner } from './signing.ts'
import { newSigner } from './testing/log.ts'

/** The example of C2SP signed-note, which is also the one of the Go checksum database. */
const EXAMPLE_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const EXAMPLE_PRIVATE = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const EXAMPLE_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const EXAMPLE_SIGNATURE = 'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM='

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

describe('the published example of signed-note', () => {
  const verifier = parseVerifier(EXAMPLE_KEY) as Verifier
  const seed = Buffer.from(EXAMPLE_PRIVATE, 'base64').subarray(1)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const signer = createSigner('PeterNeumann', key)

  it('reads the verifier key', () => {
    expect(verifier.name).toBe('PeterNeumann')
    expect(Buffer.from(verifier.keyId).toString('hex')).toBe('c74f20a3')
    expect(verifier.text).toBe(EXAMPLE_KEY)
  })

  it('writes the same verifier key and the same signature', () => {
    expect(signer.verifier.text).toBe(EXAMPLE_KEY)
    const line = Buffer.concat([signer.verifier.keyId, signer.sign(Buffer.from(EXAMPLE_TEXT))]).toString('base64')
    expect(line).toBe(EXAMPLE_SIGNATURE)
  })

  it('verifies the published signature', () => {
    const signature = Buffer.from(EXAMPLE_SIGNATURE, 'base64').subarray(4)
    expect(verifier.verify(Buffer.from(EXAMPLE_TEXT), signature)).toBe(true)
  })

  it('is a note, but no checkpoint', () =>
    expect(openCheckpoint(`${EXAMPLE_TEXT}\n— PeterNeumann ${EXAMPLE_SIGNATURE}\n`, verifier)).toBeUndefined())

  it('accepts no part of the key and no changed one', () => {
    for (let from = 0; from < EXAMPLE_KEY.length; from += 1) {
      for (let to = from + 1; to <= EXAMPLE_KEY.length; to += 1)
        if (to - from < EXAMPLE_KEY.length) expect(parseVerifier(EXAMPLE_KEY.slice(from, to))).toBeUndefined()
      const next = String.fromCharCode(EXAMPLE_KEY.charCodeAt(from) + 1)
      expect(parseVerifier(EXAMPLE_KEY.slice(0, from) + next + EXAMPLE_KEY.slice(from + 1))).toBeUndefined()
    }
  })

  it.each([
    ['a longer key', 'PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=='],
    ['another algorithm', 'PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(parseVerifier(text)).toBeUndefined())
})

describe('a checkpoint', () => {
  const signer = newSigner('azora/test')
  const { verifier } = signer
  const checkpoint = { origin: 'azora/test', size: 7, root: leafHash('x') }
  const note = signCheckpoint(checkpoint, signer)

  it('is what was signed', () => expect(openCheckpoint(note, verifier)).toEqual(checkpoint))

  it('has the form of C2SP tlog-checkpoint', () => {
    const [origin, size, root, blank, signature, end] = note.split('\n')
    expect([origin, size, root, blank, end]).toEqual(['azora/test', '7', toBase64(leafHash('x')), '', ''])
    expect(signature).toMatch(/^— azora\/test [A-Za-z0-9+/]{91}=$/)
  })

  it('of an empty log', () => {
    const empty = { origin: 'azora/test', size: 0, root: EMPTY_ROOT }
    expect(openCheckpoint(signCheckpoint(empty, signer), verifier)).toEqual(empty)
  })

  it('may be signed by witnesses too', () => {
    const witness = newSigner('witness.example')
    const cosigned = note + signCheckpoint(checkpoint, witness).split('\n\n')[1]
    expect(openCheckpoint(cosigned, verifier)).toEqual(checkpoint)
    expect(openCheckpoint(cosigned, witness.verifier)).toEqual(checkpoint)
  })

  it('does not open when any character of it is changed, missing or doubled', () => {
    for (let at = 0; at < note.length; at += 1) {
      const [before, here, after] = [note.slice(0, at), note.charAt(at), note.slice(at + 1)]
      const changed = String.fromCharCode(here.charCodeAt(0) ^ 1)
      for (const altered of [before + changed + after, before + after, before + here + here + after])
        expect(openCheckpoint(altered, verifier), JSON.stringify(altered)).toBeUndefined()
    }
  })

  it.each([
    ['without a signature', note.split('—')[0] ?? ''],
    ['with another line behind the signature', `${note}more\n`],
    ['signed by somebody of the same name', signCheckpoint(checkpoint, newSigner('azora/test'))],
    ['with an extension line', signBody(`azora/test\n7\n${toBase64(EMPTY_ROOT)}\nmore\n`)],
    ['with a size that no number holds', signBody(`azora/test\n9007199254740993\n${toBase64(EMPTY_ROOT)}\n`)],
    ['with a size of leading zeros', signBody(`azora/test\n07\n${toBase64(EMPTY_ROOT)}\n`)],
    ['with a short root', signBody('azora/test\n7\nAAAA\n')],
    ['that is nothing', ''],
  ])('%s does not open', (_, text) => expect(openCheckpoint(text, verifier)).toBeUndefined())

  function signBody(body: string): string {
    const signature = Buffer.concat([verifier.keyId, signer.sign(Buffer.from(body))]).toString('base64')
    return `${body}\n— azora/test ${signature}\n`
  }
})

describe('what is read', () => {
  const piece = fc.constantFrom('origin', '\n', '0', '7', '42', toBase64(EMPTY_ROOT), 'extension', ' ', '— ', '\u0000')

  it('as the text of a checkpoint has one form, and no text breaks the reader', () =>
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 12 }), (text) => {
        const parsed = parseCheckpoint(text)
        if (parsed) expect(formatCheckpoint(parsed)).toBe(text)
        expect(openCheckpoint(text)).toBeUndefined()
      }),
      { numRuns: 2_000 },
    ))

  it('as a checkpoint is what was signed, with its extension lines', () =>
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }).filter((origin) => !origin.includes('\n')),
        fc.maxSafeNat(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (origin, size, root) => {
          const read = parseCheckpoint(formatCheckpoint({ origin, size, root }))
          expect(read && { ...read, root: [...read.root] }).toEqual({ origin, size, root: [...root] })
        },
      ),
    ))

  it('as a key has one form, and no text breaks the reader', () => {
    const part = fc.constantFrom('name', '+', 'c74f20a3', EXAMPLE_KEY.slice(-44), EXAMPLE_KEY, 'B', '=', ' ', 'é')
    fc.assert(
      fc.property(fc.string({ unit: part, maxLength: 6 }), (text) => {
        for (const parse of [parseVerifier, parseWitnessKey]) {
          const key = parse(text)
          if (key) expect(key.text).toBe(text.trim())
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
