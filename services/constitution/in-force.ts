import { toAzoraError } from '@azora/base'
import { Digest, type Entry, type EntryHeader, type EntryPayload, type SignedActivation } from '@azora/contracts'
import { createShutGate, digestOfLaw, enact, type Gate, type LawFile, lawFilesOf, type Policy } from '@azora/law'
import { isSignedBy } from '@azora/proof'
import { type JournalReader, lastSequence, payloadOf } from './history.ts'
import type { VersionStore } from './store/versions.ts'

/** What the next activation has to follow. */
export interface Position {
  /** Of the last activation; 0 before the first. */
  sequence: number
  /** Digest of the law that was activated last, whether it can be applied or not. */
  digest: string | null
}

/** The one value that all judging hangs on: it is replaced as a whole. */
export interface InForce {
  gate: Gate
  position: Position
  /** Set when the gate is shut: why. */
  problem?: string
  /** True while nothing was ever activated. */
  untouched?: true
  policies: readonly Policy[]
  thresholds?: object
  activation?: { header: EntryHeader; payload: EntryPayload<'constitution.activated'> }
}

/** A law that was found valid. */
export type Enacted = Required<Pick<InForce, 'gate' | 'policies' | 'thresholds'>>

/** Throws `law_invalid`. */
export function enactFiles(files: readonly LawFile[], environment: string | undefined): Enacted {
  const { law, ...gate } = enact(lawFilesOf(files), environment)
  return { gate, policies: law.policies, thresholds: law.thresholds }
}

export const openUnder = (enacted: Enacted, { header, payload }: Entry<'constitution.activated'>): InForce => ({
  ...enacted,
  position: { sequence: payload.sequence, digest: payload.constitution },
  activation: { header, payload },
})

/** Named by verdicts when no law was ever activated. */
const NO_LAW = digestOfLaw([])

export const shut = (problem: string, position: Position): InForce => ({
  gate: createShutGate(position.digest ?? NO_LAW, problem),
  position,
  problem,
  policies: [],
})

export const digestIn = ({ position }: InForce): string => position.digest ?? NO_LAW

export interface LoadDeps {
  journal: JournalReader
  store: VersionStore
  ownerKeys: readonly string[]
  /** Selects the layers of the law that hold in it. */
  environment?: string | undefined
}

/**
 * What the journal's last activation puts in force. Whatever is wrong with it shuts the gate: neither an earlier law nor
 * any folder takes its place.
 */
export async function loadInForce({ journal, store, ownerKeys, environment }: LoadDeps): Promise<InForce> {
  const entry = await journal.last('constitution.activated')
  if (!entry) return { ...shut('no constitution was activated yet', { sequence: 0, digest: null }), untouched: true }
  const payload = payloadOf(entry)
  if (!payload) {
    const digest = Digest.safeParse((entry.payload as { constitution?: unknown } | null)?.constitution)
    const position = { sequence: await lastSequence(journal), digest: digest.success ? digest.data : null }
    return shut('the last activation is not signed, or was erased', position)
  }
  const position = { sequence: payload.sequence, digest: payload.constitution }
  const flaw = flawInActivation(payload, ownerKeys)
  if (flaw) return shut(`the last activation, number ${payload.sequence}, does not hold: ${flaw}`, position)
  const files = await store.read(payload.constitution)
  if (!files) return shut(`the files of the law ${payload.constitution} are missing or were changed`, position)
  try {
    return openUnder(enactFiles(files, environment), { ...entry, payload })
  } catch (thrown) {
    return shut(toAzoraError(thrown).message, position)
  }
}

function flawInActivation(
  payload: EntryPayload<'constitution.activated'>,
  ownerKeys: readonly string[],
): string | undefined {
  const { constitution, sequence, previous, articles: _, ...signed } = payload
  const { statement } = signed
  if (statement.constitution !== constitution || statement.sequence !== sequence || statement.previous !== previous)
    return 'its statement is about another activation'
  return flawInSignature(signed, ownerKeys)
}

/** Why an activation is not the owner's; undefined when it is. */
export function flawInSignature(signed: SignedActivation, ownerKeys: readonly string[]): string | undefined {
  if (!ownerKeys.includes(signed.key)) return `the key ${signed.key} is not one of the owner's`
  return isSignedBy(signed, ownerKeys) ? undefined : 'the signature is not of this statement'
}
