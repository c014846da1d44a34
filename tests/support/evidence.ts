import { createEvidence, type Evidence, type EvidenceDeps } from '@azora/bundles'
import { type EvidenceReport, verifyEvidence } from '@azora/evidence'
import type { Journal } from '@azora/journal'
import { digestOfLaw, lawFilesOf } from '@azora/law'
import { type Flaw, flawInEntry, openCheckpoint, parseVerifier, signStatement, type Verifier } from '@azora/proof'
import { lawWith, newOwner } from './law.ts'
import type { Person } from './people.ts'

const OWNER = newOwner()
/** Verifier key of whose law is on record. */
export const OWNER_KEY = OWNER.verifier.text
const FILES = lawWith()

/** Digest of the law that is on record as in force, where a test's own gate judges. */
export const CONSTITUTION = digestOfLaw(lawFilesOf(FILES))

/** Puts a law in force on record. */
export async function activateOnRecord(journal: Pick<Journal, 'append'>): Promise<void> {
  const at = '2026-01-01T00:00:00.000Z'
  const about = { constitution: CONSTITUTION, sequence: 1, previous: null }
  const signed = signStatement({ type: 'azora.constitution.v1' as const, ...about, at }, OWNER)
  await journal.append({
    kind: 'constitution.activated',
    tenant: 'default',
    actor: 'user:owner',
    key: 'constitution:1',
    payload: { ...signed, ...about, articles: 1 },
  })
}

/** Puts people with their keys on record. */
export async function putOnRecord(journal: Pick<Journal, 'append'>, ...people: Person[]): Promise<void> {
  for (const { id, roles, keys } of people)
    await journal.append({
      kind: 'principal.added',
      tenant: 'default',
      actor: 'user:owner',
      payload: { principal: id, roles: [...roles], keys: [...keys] },
    })
}

export const evidenceIn = (deps: Pick<EvidenceDeps, 'journal' | 'registry'>): Evidence =>
  createEvidence({ ...deps, constitution: { files: async () => FILES } })

/** The bundle as it is downloaded. */
export const bundleOf = async (evidence: Evidence, runId: string): Promise<Uint8Array> =>
  new TextEncoder().encode((await evidence.bundle('default', runId)).map((line) => `${line}\n`).join(''))

export const reportOn = async (
  { evidence, journal }: { evidence: Evidence; journal: Journal },
  runId: string,
  trustedKey = journal.status().key,
): Promise<EvidenceReport> => verifyEvidence(await bundleOf(evidence, runId), { trustedKey, ownerKeys: [OWNER_KEY] })

/** What is wrong with the evidence of a run; nothing when it verifies. */
export const flawsOf = ({ checks }: EvidenceReport): string[] =>
  checks.flatMap(({ id, flaw }) => (flaw ? [`${id}: ${flaw}`] : []))

/** What is wrong with the proofs of a run's entries. */
export async function flawsInProofs(journal: Journal, runId: string, key = journal.status().key): Promise<Flaw[]> {
  const indexes = (await journal.readRun(runId)).map(({ header }) => header.index)
  const { checkpoint, entries } = await journal.prove(indexes, 1024 * 1024)
  const opened = openCheckpoint(checkpoint, parseVerifier(key) as Verifier)
  if (!opened) return ['the checkpoint is not signed by the key']
  return entries
    .map(({ entry, inclusion }) => flawInEntry(entry, inclusion, opened))
    .filter((flaw) => flaw !== undefined)
}
