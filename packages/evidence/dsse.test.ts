import { createHash } from 'node:crypto'
import { DsseEnvelope } from '@azora/contracts'
import { parseVerifier, type Verifier } from '@azora/proof'
import { describe, expect, it } from 'vitest'
import { flawInSignature, keyIdOf, preAuthEncoding } from './dsse.ts'
import data from './testing/dsse-vectors.json' with { type: 'json' }

const NAME = 'dsse/vectors'
const typed = Buffer.concat([Buffer.from([1]), Buffer.from(data.publicKey, 'hex')])
const hash = createHash('sha256').update(`${NAME}\n`).update(typed).digest('hex').slice(0, 8)
const verifier = parseVerifier(`${NAME}+${hash}+${typed.toString('base64')}`) as Verifier

describe('DSSE', () => {
  it.each(data.vectors)('decides the published vector $id', ({ payloadType, payload, sig, pae, accept }) => {
    const body = Buffer.from(payload, 'base64')
    if (pae !== undefined) expect(Buffer.from(preAuthEncoding(payloadType, body)).toString('hex')).toBe(pae)
    const envelope = { payloadType, payload, signatures: [{ keyid: keyIdOf(verifier.text), sig }] } as DsseEnvelope
    expect(flawInSignature(envelope, body, verifier) === undefined).toBe(accept)
    // Only statements are taken, whatever else somebody may have signed.
    expect(DsseEnvelope.safeParse(envelope).success).toBe(payloadType === 'application/vnd.in-toto+json')
  })

  it('takes no second form of a signature, no second signature and no other hint', () => {
    const [first] = data.vectors
    const body = Buffer.from(first?.payload ?? '', 'base64')
    const envelope = (sig: string, keyid = keyIdOf(verifier.text)) =>
      ({ payloadType: first?.payloadType, payload: first?.payload, signatures: [{ keyid, sig }] }) as DsseEnvelope
    const sig = first?.sig ?? ''
    expect(flawInSignature(envelope(sig), body, verifier)).toBeUndefined()
    expect(flawInSignature(envelope(sig, 'another'), body, verifier)).toContain('names another key')
    expect(flawInSignature(envelope(sig.replaceAll('+', '-').replaceAll('/', '_')), body, verifier)).toContain(
      'no base64',
    )
    expect(flawInSignature(envelope(`${sig.slice(0, -3)}D==`), body, verifier)).toContain('no base64')
    const twice = { ...envelope(sig), signatures: [...envelope(sig).signatures, ...envelope(sig).signatures] }
    expect(DsseEnvelope.safeParse(twice).success).toBe(false)
  })
})
