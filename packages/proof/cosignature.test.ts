import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toBase64 } from '#crypto'
import { type Checkpoint, formatCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { openCosignedCheckpoint } from './cosignature.ts'
import { parseVerifier, parseWitnessKey, type Verifier, type WitnessKey } from './keys.ts'
import { leafHash } from './merkle.ts'
import { formatSignature, type NoteSignature, parseNote } from './note.ts'
import { createSigner, createWitness } from './signing.ts'
import { newSigner } from './testing/log.ts'
import vectors from './testing/vectors/cosignatures.json' with { type: 'json' }

const { real, specification } = vectors

describe('a checkpoint of a public log with its witnesses', () => {
  const log = [parseVerifier(real.logKey) as Verifier]
  const witnesses = real.witnessKeys.map((text) => parseWitnessKey(text) as WitnessKey)
  const others = real.otherWitnessKeys.map((text) => parseWitnessKey(text) as WitnessKey)

  it('says who stands for it, and since when', () => {
    const opened = openCosignedCheckpoint(real.note, { log, witnesses: [...others, ...witnesses] })
    expect(opened?.checkpoint).toMatchObject({ origin: 'arche2025h1.staging.ct.transparency.dev', size: 1_432_088_532 })
    expect(opened?.signedBy).toEqual(log)
    expect(opened?.cosignedBy.map(({ key }) => key.text).sort()).toEqual([...real.witnessKeys].sort())
    for (const { atSeconds } of opened?.cosignedBy ?? []) expect(atSeconds).toBe(real.atSeconds)
  })

  it('opens for who trusts the log alone', () =>
    expect(openCosignedCheckpoint(real.note, { log, witnesses: [] })?.cosignedBy).toEqual([]))

  it('does not open without the log’s signature', () =>
    expect(
      openCosignedCheckpoint(real.note, { log: [newSigner(log[0]?.name ?? '').verifier], witnesses }),
    ).toBeUndefined())

  it('is of no other size', () => {
    const clobbered = real.note.replace('1432088532', '42')
    expect(openCosignedCheckpoint(clobbered, { log, witnesses })).toBeUndefined()
  })

  it.each(real.witnessKeys)('the key %s has this form only, and is no verifier key', (text) => {
    expect(parseWitnessKey(text)?.text).toBe(text)
    expect(parseVerifier(text)).toBeUndefined()
    for (let at = 0; at < text.length; at += 1) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
      expect(parseWitnessKey(changed), changed).toBeUndefined()
    }
  })
})

it('the example of the specification has its time', () => {
  const line = parseNote(specification.note)?.signatures.at(-1) as NoteSignature
  expect(Number(Buffer.from(line.signature).readBigUInt64BE())).toBe(specification.atSeconds)
  expect(line.signature).toHaveLength(72)
})

it.each(vectors.refusedKeys)('%s is no witness key', (text) => expect(parseWitnessKey(text)).toBeUndefined())

describe('a cosignature', () => {
  const signer = newSigner('log.example')
  const [one, two] = ['w.example/1', 'w.example/2'].map((name) =>
    createWitness(name, generateKeyPairSync('ed25519').privateKey),
  ) as [ReturnType<typeof createWitness>, ReturnType<typeof createWitness>]
  const checkpoint: Checkpoint = { origin: 'log.example', size: 7, root: leafHash('x') }
  const text = formatCheckpoint(checkpoint)
  const note = signCheckpoint(checkpoint, signer)
  const keys = { log: [signer.verifier], witnesses: [one.key, two.key] }
  const AT = 1_700_000_000

  it('is added below the log’s signature', () => {
    const opened = openCosignedCheckpoint(note + one.cosign(text, AT) + two.cosign(text, AT + 5), keys)
    expect(opened).toEqual({
      checkpoint,
      text,
      signedBy: [signer.verifier],
      cosignedBy: [
        { key: one.key, atSeconds: AT },
        { key: two.key, atSeconds: AT + 5 },
      ],
    })
  })

  it('of the same witness counts once, with its newest time', () =>
    expect(openCosignedCheckpoint(note + one.cosign(text, AT + 5) + one.cosign(text, AT), keys)?.cosignedBy).toEqual([
      { key: one.key, atSeconds: AT + 5 },
    ]))

  it('covers extension lines', () => {
    const extended = { ...checkpoint, extensions: ['extension 1', 'extension 2'] }
    const signed = signCheckpoint(extended, signer) + one.cosign(formatCheckpoint(extended), AT)
    expect(openCosignedCheckpoint(signed, keys)?.checkpoint).toEqual(extended)
    expect(openCosignedCheckpoint(signed.replace('extension 2', 'extension X'), keys)).toBeUndefined()
  })

  it('is wrong with any bit of it changed', () => {
    const line = parseNote(`${text}\n${one.cosign(text, AT)}`)?.signatures[0] as NoteSignature
    for (let bit = 0; bit < line.signature.length * 8; bit += 1) {
      const signature = Buffer.from(line.signature)
      signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(openCosignedCheckpoint(note + formatSignature({ ...line, signature }), keys), `bit ${bit}`).toBeUndefined()
    }
    for (const length of [1, 64, 71, 73]) {
      const signature = Buffer.concat([line.signature, Buffer.alloc(1)]).subarray(0, length)
      expect(openCosignedCheckpoint(note + formatSignature({ ...line, signature }), keys)).toBeUndefined()
    }
  })

  it('is no signature of the log, and the other way round', () => {
    const key = generateKeyPairSync('ed25519').privateKey
    const [asLog, asWitness] = [createSigner('log.example', key), createWitness('log.example', key)]
    const both = { log: [asLog.verifier], witnesses: [asWitness.key] }
    expect(openCosignedCheckpoint(`${text}\n${asWitness.cosign(text, AT)}`, both)).toBeUndefined()
    const signed = signCheckpoint(checkpoint, asLog)
    expect(openCosignedCheckpoint(signed, both)?.cosignedBy).toEqual([])
    const line = parseNote(signed)?.signatures[0] as NoteSignature
    for (const signature of [line.signature, Buffer.concat([Buffer.alloc(8), line.signature])])
      expect(
        openCosignedCheckpoint(signed + formatSignature({ ...line, keyId: asWitness.key.keyId, signature }), both),
      ).toBeUndefined()
  })
})

describe('the text of a checkpoint', () => {
  const root = toBase64(leafHash('entry'))
  it.each([
    ['of one byte', 'a'],
    ['of 255 bytes', 'a'.repeat(255)],
    ['of 255 bytes of UTF-8', `${'é'.repeat(127)}a`],
    ['with spaces and a plus', 'example log+origin'],
  ])('has an origin %s', (_, origin) =>
    expect(parseCheckpoint(`${origin}\n1\n${root}\nextension\n`)).toMatchObject({ origin, extensions: ['extension'] }),
  )

  it.each([
    ['no origin', `\n1\n${root}\n`],
    ['a long origin', `${'a'.repeat(256)}\n1\n${root}\n`],
    ['a long origin in UTF-8', `${'é'.repeat(128)}\n1\n${root}\n`],
    ['an empty extension line', `a\n1\n${root}\n\n`],
    ['too many extension lines', `a\n1\n${root}\n${'x\n'.repeat(17)}`],
    ['no last newline', `a\n1\n${root}`],
    ['a signed size', `a\n+1\n${root}\n`],
  ])('is refused with %s', (_, of) => expect(parseCheckpoint(of)).toBeUndefined())
})
