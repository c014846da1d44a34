import { endorseKey, type Signer } from '@azora/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvidenceParts } from './make.ts'
import type { VerifyOptions } from './options.ts'
import {
  type Attack,
  alterations,
  envelopeIn,
  forgeries,
  fromLines,
  linesOf,
  rearrangements,
  truncations,
} from './testing/attacks.ts'
import { fileOf, newSigner, newWitness } from './testing/log.ts'
import { addRun, allowedByPeople, preludeLog, RUN } from './testing/run.ts'
import { verifyEvidence } from './verify.ts'

const before: Signer = newSigner('azora/test')
const witness = newWitness('north')
const OTHER = '018f0000-0000-7000-8000-000000000002'

/** A run with people, an erased payload, a witness and a journal key that changed. */
const { log, ...people } = preludeLog()
addRun(log, allowedByPeople(people))
log.erase([6], 'user:alice', people.alice)
log.add({ kind: 'run.scheduled', payload: {}, run: OTHER, to: 'scheduled' })

const at = '2025-12-01T00:00:00.000Z'
const chain = [endorseKey({ previous: before, key: log.signer }, { from: at, previousUntil: at, at })]
const withChain = ({ run, ...parts }: EvidenceParts): EvidenceParts => ({
  ...parts,
  run: { ...run, journal: { ...run.journal, chain } },
})
const witnesses = [{ witness, atSeconds: Date.UTC(2026, 0, 1, 1) / 1_000 }]
const bundle = fileOf(withChain(log.partsOf(RUN, witnesses)), log.signer)
const other = fileOf(withChain(log.partsOf(OTHER, witnesses)), log.signer)
const options: VerifyOptions = {
  trustedKey: before.verifier.text,
  ownerKeys: [log.owner.verifier.text],
  witnesses: { keys: [witness.key.text] },
}

/** Attacks that went unseen, or of which the message doesn't name what it is. */
function unseen(attacks: Iterable<Attack>): { tried: number; unseen: string[] } {
  const found: string[] = []
  let tried = 0
  for (const { name, bytes, names } of attacks) {
    tried += 1
    const report = verifyEvidence(bytes, options)
    const flaws = report.checks.flatMap(({ flaw }) => flaw ?? []).join('; ')
    if (report.verified || !names.test(flaws)) found.push(`${name}: ${flaws || 'verified'}`)
  }
  return { tried, unseen: found }
}

describe('a bundle that nobody touched', () => {
  it('verifies', () => expect(verifyEvidence(bundle, options).checks.filter(({ ok }) => !ok)).toEqual([]))
})

describe('whoever has no key', () => {
  it('can change no field of any statement or envelope', () => {
    const { tried, unseen: missed } = unseen(alterations(bundle))
    expect(missed).toEqual([])
    expect(tried).toBeGreaterThan(500)
  })

  it('can remove, double, move or exchange no line', () => {
    expect(unseen(rearrangements(bundle, other)).unseen).toEqual([])
  })

  it('can cut off nothing', () => {
    const cuts = Array.from({ length: 200 }, (_, step) => Math.floor((bundle.length * step) / 200))
    expect(unseen(truncations(bundle, cuts)).unseen).toEqual([])
  })

  it('can change no character of a signature, a key hint or base64', () => {
    const lines = linesOf(bundle)
    const line = fc.nat({ max: lines.length - 1 })
    const char = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \\"{},:')
    fc.assert(
      fc.property(line, fc.nat(), char, (which, place, put) => {
        const text = lines[which] as string
        // The last two hundred characters are the signature; all others are met by chance.
        const position = place % 3 === 0 ? place % text.length : text.length - 1 - (place % 200)
        fc.pre(text[position] !== put)
        const forged = text.slice(0, position) + put + text.slice(position + 1)
        expect(verifyEvidence(fromLines(lines.with(which, forged)), options).verified).toBe(false)
      }),
      { numRuns: Number(process.env.AZORA_ATTACKS ?? 500) },
    )
  })

  it('can flip no bit', () => {
    fc.assert(
      fc.property(fc.nat({ max: bundle.length - 1 }), fc.nat({ max: 7 }), (byte, bit) => {
        const forged = bundle.with(byte, (bundle[byte] as number) ^ (1 << bit))
        expect(verifyEvidence(forged, options).verified).toBe(false)
      }),
      { numRuns: Number(process.env.AZORA_ATTACKS ?? 500) },
    )
  })

  it('can write nothing that makes the verifier fall', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(verifyEvidence(bytes, options).verified).toBe(false)
      }),
    )
  })
})

/** What who holds the journal's key may change: nothing. A field that is free would have to be named here, with a reason. */
const FREE: string[] = []

describe('whoever holds the key of the journal', () => {
  it('can change nothing that the log holds, sign it as they may', () => {
    const { tried, unseen: missed } = unseen(forgeries(bundle, log.signer))
    expect(missed).toEqual(FREE)
    expect(tried).toBeGreaterThan(400)
  })

  it('can put no line of another run in place', () => {
    const parts = withChain(log.partsOf(RUN, witnesses))
    const foreign = withChain(log.partsOf(OTHER, witnesses))
    for (const forged of [
      { ...parts, run: { ...foreign.run, runId: RUN } },
      { ...parts, run: { ...parts.run, entries: [...parts.run.entries, ...foreign.run.entries] } },
      { ...parts, constitutions: [] },
      { ...parts, parties: { ...parts.parties, principals: [] } },
      { ...parts, parties: { ...parts.parties, skills: [] } },
      { ...parts, parties: { ...parts.parties, agents: [] } },
      { ...parts, run: { ...parts.run, erasures: [] } },
      { ...parts, checkpoint: log.partsOf(RUN).checkpoint },
    ])
      expect(verifyEvidence(fileOf(forged, log.signer), options).verified).toBe(false)
  })

  it.each(['removed', 'doubled', 'moved'])('can have no entry %s', (how) => {
    const parts = withChain(log.partsOf(RUN, witnesses))
    const { entries } = parts.run
    for (const [place, entry] of entries.entries()) {
      const forged =
        how === 'removed'
          ? entries.toSpliced(place, 1)
          : how === 'doubled'
            ? entries.toSpliced(place, 0, entry)
            : [...entries.toSpliced(place, 1).toSpliced((place + 1) % entries.length, 0, entry)]
      if (forged.length === 0) continue
      const report = verifyEvidence(fileOf({ ...parts, run: { ...parts.run, entries: forged } }, log.signer), options)
      expect(
        report.checks
          .filter(({ ok }) => !ok)
          .map(({ flaw }) => flaw)
          .join(),
      ).toMatch(/entry \d+|has not ended/)
      expect(report.verified).toBe(false)
    }
  })

  it('is held to the one signature that an envelope has', () => {
    const [first = '', ...others] = linesOf(bundle)
    const envelope = envelopeIn(first)
    const twice = JSON.stringify({ ...envelope, signatures: [...envelope.signatures, ...envelope.signatures] })
    expect(verifyEvidence(fromLines([twice, ...others]), options).verified).toBe(false)
  })
})
