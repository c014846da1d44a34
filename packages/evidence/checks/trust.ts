import type { RunStatement } from '@azora/contracts'
import {
  type CosignedCheckpoint,
  createKeyTrust,
  equal,
  flawInEndorsement,
  openCosignedCheckpoint,
  parseNote,
  parseVerifier,
  type Verifier,
  type WitnessKey,
} from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import type { Quorum } from '../options.ts'

type Journal = RunStatement['predicate']['journal']

/** The chain has to lead to the journal key, each link signed by both of its keys. */
export function flawInChain({ key, chain }: Journal): Flaw {
  for (const [at, endorsement] of chain.entries()) {
    const flaw = flawInEndorsement(endorsement)
    if (flaw) return flaw
    const next = chain[at + 1]?.statement.previous ?? key
    if (endorsement.statement.key !== next) return 'the chain of keys is broken'
  }
  return undefined
}

/** The journal key has to be the trusted one, or one that it leads to. */
export function flawInTrust({ key, chain }: Journal, trusted: Verifier): Flaw {
  if (trusted.text === key) return undefined
  const trust = createKeyTrust(trusted)
  const flaw = trust.follow(chain)
  if (flaw) return `the bundle was signed by another key: ${flaw}`
  // Whenever it counted: a key that signed a bundle may have retired since.
  const followed = trust.keysAt(Number.NEGATIVE_INFINITY).some(({ text }) => text === key)
  return followed ? undefined : 'the bundle was signed by another key, which the trusted one does not endorse'
}

export interface CheckpointFindings {
  opened?: CosignedCheckpoint
  flaw: Flaw
  /** Lines below the checkpoint that are neither the journal's nor of a witness that is known here. */
  unknown: number
}

/** The checkpoint has to be one of the journal's own, with no wrong signature of a key that is known here. */
export function checkCheckpoint(note: string, key: string, witnesses: readonly WitnessKey[]): CheckpointFindings {
  const verifier = parseVerifier(key)
  if (!verifier) return { flaw: `${key} is no verifier key`, unknown: 0 }
  const opened = openCosignedCheckpoint(note, { log: [verifier], witnesses })
  if (!opened) return { flaw: 'a signature of the journal or of a witness does not verify', unknown: 0 }
  const { checkpoint } = opened
  if (checkpoint.extensions) return { flaw: 'the checkpoint has lines that the journal does not write', unknown: 0 }
  if (checkpoint.origin !== verifier.name)
    return { flaw: `the checkpoint is of the log ${checkpoint.origin}, the key of ${verifier.name}`, unknown: 0 }
  const lines = parseNote(note)?.signatures ?? []
  const known = lines.filter(
    ({ name, keyId }) =>
      name === verifier.name || witnesses.some((witness) => witness.name === name && equal(witness.keyId, keyId)),
  )
  return { opened, flaw: undefined, unknown: lines.length - known.length }
}

/** A witness's word: at this time it had seen the checkpoint. */
export interface Witnessed {
  name: string
  /** RFC 3339, to the second. */
  at: string
}

/** Who cosigned, the earliest first. */
export const witnessesOf = ({ cosignedBy }: CosignedCheckpoint): Witnessed[] =>
  cosignedBy
    .toSorted((a, b) => a.atSeconds - b.atSeconds)
    .map(({ key, atSeconds }) => ({ name: key.name, at: new Date(atSeconds * 1_000).toISOString() }))

/** How far the clocks of server and witness may be apart. */
const CLOCK_SKEW_MS = 10 * 60_000

/**
 * When enough of the witnesses had seen all of it, RFC 3339; undefined when too few did.
 */
export function seenBy({ cosignedBy }: CosignedCheckpoint, { isMet }: Quorum): string | undefined {
  const cosigners = new Set<WitnessKey>()
  if (isMet(cosigners)) return undefined
  for (const { key, atSeconds } of cosignedBy.toSorted((a, b) => a.atSeconds - b.atSeconds)) {
    cosigners.add(key)
    if (isMet(cosigners)) return new Date(atSeconds * 1_000).toISOString()
  }
  return undefined
}

/** @param lastAt time of the newest entry, as the server has it */
export function flawInWitnesses(opened: CosignedCheckpoint | undefined, quorum: Quorum, lastAt: string): Flaw {
  const cosigners = new Set((opened?.cosignedBy ?? []).map(({ key }) => key))
  if (!quorum.isMet(cosigners))
    return `${cosigners.size} of the witnesses cosigned the checkpoint, which is not ${quorum.rule}`
  const early = opened && witnessesOf(opened).find(({ at }) => Date.parse(at) + CLOCK_SKEW_MS < Date.parse(lastAt))
  return (
    early && `the witness ${early.name} saw the log at ${early.at}, before its entries say they were made (${lastAt})`
  )
}
