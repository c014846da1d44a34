import { z } from 'zod'
import { ConstitutionFiles } from './constitution.ts'
import { KeyChain } from './journal-key.ts'
import { JsonObject } from './json.ts'
import { Digest, RunId } from './names.ts'
import { ProvenEntry } from './proof.ts'

/** What a bundle may hold at most. Whoever makes one keeps to it, and whoever reads one refuses more. */
export const EVIDENCE_LIMITS = {
  /** Bytes of the whole file. */
  bytes: 128 * 1024 * 1024,
  /** Statements, one a line. */
  lines: 64,
  /** Entries of the run. */
  entries: 20_000,
  /** Entries from outside the run, of each sort. */
  others: 2_000,
} as const

/** Name under which a bundle is served and stored (in-toto attestation bundle). */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.in-toto.bundle'
export const BUNDLE_SUFFIX = '.intoto.jsonl'

const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** A signed statement (DSSE v1), a line of a bundle. */
export const DsseEnvelope = z.strictObject({
  payloadType: z.literal(PAYLOAD_TYPE),
  /** The statement's canonical JSON (RFC 8785) in base64. */
  payload: z.string().max(EVIDENCE_LIMITS.bytes),
  signatures: z.tuple([
    z.strictObject({
      /** Name and hash of the verifier key, without the key: `azora/main+0a1b2c3d`. A hint. */
      keyid: z.string().max(300),
      /** Ed25519 (RFC 8032) over the pre-authentication encoding: 64 bytes in base64. */
      sig: z.string().length(88),
    }),
  ]),
})
export type DsseEnvelope = z.infer<typeof DsseEnvelope>

/** What a statement is about, by the digest of its bytes. */
export const Subject = z.strictObject({ name: z.string().min(1).max(500), digest: z.strictObject({ sha256: Digest }) })
export type Subject = z.infer<typeof Subject>

/** An in-toto Statement v1. */
const statementOf = <Type extends string, Predicate extends z.ZodType>(predicateType: Type, predicate: Predicate) =>
  z.strictObject({
    _type: z.literal('https://in-toto.io/Statement/v1'),
    subject: z.array(Subject).min(1).max(EVIDENCE_LIMITS.entries),
    predicateType: z.literal(predicateType),
    predicate,
  })

/** The checkpoint (C2SP tlog-checkpoint) that the proofs of a statement lead to, with the cosignatures it had. */
const Checkpoint = z.string().max(100_000)

/** What happened: the first line of a bundle. */
export const RunStatement = statementOf(
  'https://azora.dev/evidence/run/v1',
  z.strictObject({
    runId: RunId,
    /** Verifier key (C2SP signed-note) of the journal, and how it came to it. Trust it only if you got it elsewhere too. */
    journal: z.strictObject({ key: z.string().max(300), chain: KeyChain }),
    checkpoint: Checkpoint,
    /** Every entry of the run. */
    entries: z.array(ProvenEntry).min(1).max(EVIDENCE_LIMITS.entries),
    /** The entries by which payloads of the run were erased. */
    erasures: z.array(ProvenEntry).max(EVIDENCE_LIMITS.others),
    /** SHA-256 of the other statements as they were signed, in the order of their lines. */
    parts: z.array(Digest).max(EVIDENCE_LIMITS.lines),
  }),
)
export type RunStatement = z.infer<typeof RunStatement>

/** A law that was in force during the run. */
export const ConstitutionStatement = statementOf(
  'https://azora.dev/evidence/constitution/v1',
  z.strictObject({
    constitution: Digest,
    files: ConstitutionFiles,
    checkpoint: Checkpoint,
    /** When the owner put it in force, once or more often. */
    activations: z.array(ProvenEntry).min(1).max(EVIDENCE_LIMITS.others),
  }),
)
export type ConstitutionStatement = z.infer<typeof ConstitutionStatement>

const Registered = z.strictObject({ registered: ProvenEntry, manifest: JsonObject })

/** The people and the code that took part. */
export const PartiesStatement = statementOf(
  'https://azora.dev/evidence/parties/v1',
  z.strictObject({
    checkpoint: Checkpoint,
    /** What is on record about the people who decided reviews: `principal.added`, `principal.key_added` and `principal.removed`. */
    principals: z.array(ProvenEntry).max(EVIDENCE_LIMITS.others),
    /** Manifests as they were registered, with the entries that name their digests. */
    skills: z.array(Registered).max(EVIDENCE_LIMITS.others),
    agents: z.array(Registered).max(EVIDENCE_LIMITS.others),
  }),
)
export type PartiesStatement = z.infer<typeof PartiesStatement>

export const EvidenceStatement = z.discriminatedUnion('predicateType', [
  RunStatement,
  ConstitutionStatement,
  PartiesStatement,
])
export type EvidenceStatement = z.infer<typeof EvidenceStatement>
