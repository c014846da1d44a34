import { z } from 'zod'
import { Artifact, FileChanges } from './artifact.ts'
import { SignedActivation } from './constitution.ts'
import { EgressRecord } from './egress.ts'
import { ErasureRequest, ErasureStatement, RetentionRequest } from './erasure.ts'
import { KeyEndorsement } from './journal-key.ts'
import { Json, JsonObject } from './json.ts'
import { Ending, Usage } from './limits.ts'
import { Digest, Name, RunId, SecretName, Timestamp, Version } from './names.ts'
import { Plan, StepId } from './plan.ts'
import { PrincipalId, RunSpec, RunState, Tenant } from './run.ts'
import { LeaseEnd } from './secret.ts'
import { SECRETS_MAX, SecretMode, SecretPlace } from './secret-use.ts'
import { Action, Permission, Reason, ReviewTerms, Taint, VerificationContext, VerificationResult } from './verdict.ts'

export const Failure = z.strictObject({ code: z.string().max(60), message: z.string().max(4000) })
export type Failure = z.infer<typeof Failure>

/** What was done with a lease: requests that it was put into, and how often the value was hidden in what came back. */
const USE = {
  uses: z.array(z.strictObject({ host: z.string().max(300), requests: z.int().min(1) })).max(64),
  redactions: z.int().min(0),
}
export const LeaseUse = z.strictObject({ leaseId: z.uuid(), ...USE })
export type LeaseUse = z.infer<typeof LeaseUse>

/** How an action ended. */
export const Outcome = z.strictObject({
  state: z.enum(['succeeded', 'failed', 'cancelled']),
  output: Json.optional(),
  /** SHA-256 of the output's canonical JSON. */
  outputDigest: Digest.optional(),
  error: Failure.optional(),
  durationMs: z.number().min(0),
  /** The end of what it printed, for people. */
  log: z.string().max(20_000).default(''),
  node: z.string(),
  isolation: z.string(),
  /** Absent where no process was started. */
  ending: Ending.exactOptional(),
  usage: Usage.exactOptional(),
  /** What it did on the network. */
  egress: z.array(EgressRecord).max(100).exactOptional(),
  /** What it printed, byte for byte, and what else it left behind. */
  artifacts: z.array(Artifact).max(32).exactOptional(),
  /** What it changed where it may write. */
  files: FileChanges.exactOptional(),
  /** What it did with the secrets that it had on lease. */
  secrets: z.array(LeaseUse).max(SECRETS_MAX).exactOptional(),
})
export type Outcome = z.infer<typeof Outcome>

/** Why people are asked: the verdict on an action, an action of which nobody knows how it ended, or the final output. */
export const ReviewCause = z.enum(['verdict', 'outcome_unknown', 'output'])
export type ReviewCause = z.infer<typeof ReviewCause>

export const ReviewDecision = z.enum(['approve', 'deny', 'amend'])
export type ReviewDecision = z.infer<typeof ReviewDecision>

/** What a person signs, as canonical JSON (RFC 8785), to decide a review. */
export const ReviewStatement = z.strictObject({
  type: z.literal('azora.review.v1'),
  reviewId: z.uuid(),
  /** The exact action that was seen. */
  actionDigest: Digest,
  decision: ReviewDecision,
  decider: PrincipalId,
  at: Timestamp,
  /** With `approve`: similar actions of the run that are approved beside it. */
  batch: z.int().min(1).max(1_000).exactOptional(),
  /** With `amend`: SHA-256 of the new input's canonical JSON. */
  inputDigest: Digest.exactOptional(),
  comment: z.string().max(2000).exactOptional(),
})
export type ReviewStatement = z.infer<typeof ReviewStatement>

/** A statement with who made it. */
export const SignedReview = z.strictObject({
  statement: ReviewStatement,
  /** Ed25519 (RFC 8032) over the statement's canonical JSON, in base64. */
  signature: z.string().max(100),
  /** Verifier key (C2SP signed-note `vkey`) of the person. */
  key: z.string().max(300),
})
export type SignedReview = z.infer<typeof SignedReview>

const LEASE = { leaseId: z.uuid(), stepId: StepId, name: SecretName }

/** The payload of each kind of entry. */
export const ENTRY_PAYLOADS = {
  'run.scheduled': z.strictObject({ spec: RunSpec, idempotencyKey: z.string().optional() }),
  'run.started': z.strictObject({}),
  'agent.recognized': z.strictObject({ pattern: Json }),
  'plan.proposed': z.strictObject({
    turn: z.int().min(0),
    plan: Plan,
    note: z.string().max(2000).optional(),
    /** What the constitution says of the plan as a whole. */
    result: VerificationResult.exactOptional(),
  }),
  'agent.concluded': z.strictObject({
    turn: z.int().min(0),
    goal: z.enum(['reached', 'missed']),
    outputs: Json,
    summary: z.string().max(4000).optional(),
  }),
  /** The verdict on one action; with `permission` it is what a proof proves. */
  'action.verified': z.strictObject({
    action: Action,
    result: VerificationResult,
    permission: Permission.optional(),
    /** What the verdict depends on beside the action and the constitution, so that it can be made again. */
    judged: VerificationContext.exactOptional(),
    /** Set when people allowed it. */
    reviewId: z.uuid().optional(),
  }),
  /** A step that can't become an action: an unknown skill, or input that its schema refuses. */
  'action.invalid': z.strictObject({ stepId: StepId, skill: Name, error: Failure }),
  /** Journaled before a stateful action acts. */
  'action.started': z.strictObject({ stepId: StepId, actionDigest: Digest, attempt: z.int().min(1) }),
  'action.finished': z.strictObject({
    stepId: StepId,
    actionDigest: Digest,
    outcome: Outcome,
    /** What the run has taken in with the output. */
    observed: z.strictObject({ taints: z.array(Taint), reasons: z.array(Reason) }).exactOptional(),
  }),
  /** A node refused to act, whoever asked. */
  'action.refused': z.strictObject({ stepId: StepId, actionDigest: Digest, node: z.string(), error: Failure }),
  'review.requested': z.strictObject({
    reviewId: z.uuid(),
    stepId: StepId,
    cause: ReviewCause,
    actionDigest: Digest,
    reasons: z.array(Reason),
    terms: ReviewTerms.exactOptional(),
    expiresAt: Timestamp.exactOptional(),
  }),
  'review.decided': z.strictObject({
    reviewId: z.uuid(),
    stepId: StepId,
    actionDigest: Digest,
    decision: ReviewDecision,
    comment: z.string().max(2000).optional(),
    signed: SignedReview.exactOptional(),
    /** The arguments in place of the old ones. */
    input: JsonObject.exactOptional(),
  }),
  /** Nobody decided in time. */
  'review.expired': z.strictObject({ reviewId: z.uuid(), stepId: StepId, actionDigest: Digest }),
  /** The entry about a review at `index` reached the webhook. */
  'review.notified': z.strictObject({ index: z.int().min(0), tries: z.int().min(1) }),
  'run.paused': z.strictObject({ reason: z.string().max(500).optional() }),
  'run.resumed': z.strictObject({}),
  'run.cancel_requested': z.strictObject({ reason: z.string().max(500).optional() }),
  'run.cancelled': z.strictObject({}),
  'run.validated': z.strictObject({
    result: VerificationResult,
    outputs: Json,
    /** Set when people allowed it. */
    reviewId: z.uuid().exactOptional(),
  }),
  'run.succeeded': z.strictObject({}),
  'run.failed': z.strictObject({ error: Failure }),
  /** Who may act, and what they sign with. */
  'principal.added': z.strictObject({ principal: PrincipalId, roles: z.array(z.string()), keys: z.array(z.string()) }),
  'principal.removed': z.strictObject({ principal: PrincipalId }),
  /** Secrets: what may be leased. Never a value, nor anything that it could be guessed from. */
  'secret.put': z.strictObject({
    name: SecretName,
    version: z.int(),
    hosts: z.array(z.string()),
    place: SecretPlace,
    environment: z.boolean(),
    leaseMs: z.int(),
    expiresAt: Timestamp.exactOptional(),
  }),
  'secret.rotated': z.strictObject({
    name: SecretName,
    version: z.int(),
    previous: z.int(),
    /** True when the leases of earlier versions ended at once. */
    now: z.boolean(),
    expiresAt: Timestamp.exactOptional(),
  }),
  'secret.revoked': z.strictObject({ name: SecretName, versions: z.array(z.int()) }),
  'secret.removed': z.strictObject({ name: SecretName }),
  /** A node gets the value for one action; on record before it is sent. */
  'secret.leased': z.strictObject({
    ...LEASE,
    actionDigest: Digest,
    slot: Name,
    version: z.int(),
    hosts: z.array(z.string()),
    mode: SecretMode,
    node: z.string(),
    expiresAt: Timestamp,
  }),
  'secret.used': z.strictObject({
    ...LEASE,
    ...USE,
  }),
  'lease.ended': z.strictObject({ ...LEASE, reason: LeaseEnd }),
  /** The journal signs with another key from here on. */
  'journal.key_rotated': z.strictObject({ endorsement: KeyEndorsement }),
  /** A witness saw another log than the one that is here. */
  'witness.refused': z.strictObject({
    /** Verifier key of the witness. */
    witness: z.string().max(300),
    why: z.string().max(1_000),
    /** Up to where the witness saw the log. */
    seen: z.int().min(0),
    /** The signed checkpoint that it was shown. */
    shown: z.string().max(20_000),
  }),
  /** New payloads of the tenant are encrypted under this key from here on. */
  'journal.payload_key_rotated': z.strictObject({ key: z.uuid() }),
  /** A skill or agent became known to the registry. */
  'skill.registered': z.strictObject({ skillId: Name, version: Version, manifestDigest: Digest }),
  'agent.registered': z.strictObject({ agentId: Name, version: Version, manifestDigest: Digest }),
  /** The owner put a law in force; the last of these is the law. */
  'constitution.activated': SignedActivation.extend({
    constitution: Digest,
    sequence: z.int().min(1),
    previous: Digest.nullable(),
    /** How many policies it has. */
    articles: z.int(),
  }),
  /** Journaled before any payload is erased. Signed by a person, or without a signature by the rule of a retention. */
  'erasure.requested': z.strictObject({
    statement: ErasureStatement,
    signature: ErasureRequest.shape.signature.exactOptional(),
    key: ErasureRequest.shape.key.exactOptional(),
    /** How many entries the statement's ranges hold. */
    count: z.int().min(1),
  }),
  /** Journaled when the payloads, and everything that was made from them, are gone. */
  'erasure.completed': z.strictObject({
    erasureId: z.uuid(),
    /** Index of the `erasure.requested`. */
    requested: z.int().min(0),
  }),
  /** From here on the payloads of a class are erased at a certain age. */
  'retention.set': RetentionRequest,
  'retention.removed': RetentionRequest,
} as const satisfies Record<string, z.ZodType>

export type EntryKind = keyof typeof ENTRY_PAYLOADS
export const EntryKind = z.enum(Object.keys(ENTRY_PAYLOADS) as [EntryKind, ...EntryKind[]])

export type EntryPayload<K extends EntryKind> = z.infer<(typeof ENTRY_PAYLOADS)[K]>

/**
 * The part of an entry that the log commits to. Its canonical JSON (RFC 8785) is the leaf of the shard's Merkle tree
 * (RFC 9162, section 2.1). The payload is committed to by a salted digest, so it can be erased and the leaf still verifies.
 */
export const EntryHeader = z.strictObject({
  shard: z.string(),
  index: z.int().min(0),
  kind: EntryKind,
  tenant: Tenant,
  actor: PrincipalId,
  at: Timestamp,
  run: RunId.optional(),
  /**
   * Its place among the entries of its run: 0, 1, 2, … without a gap, so that none can be left out unseen. Absent for entries
   * of no run, and of runs that began before places were given.
   */
  runIndex: z.int().min(0).exactOptional(),
  transition: z.strictObject({ from: RunState.optional(), to: RunState }).optional(),
  /** SHA-256 of the salt followed by the payload's canonical JSON. */
  payloadDigest: Digest,
})
export type EntryHeader = z.infer<typeof EntryHeader>

/**
 * An entry with its payload, discriminated by `header.kind`. Where the payload was erased, which happens to runs that have
 * ended only, it is null at run time: see {@link isErased}.
 */
export type Entry<K extends EntryKind = EntryKind> = {
  [Kind in K]: {
    header: EntryHeader & { kind: Kind }
    payload: EntryPayload<Kind>
    salt: string
    /** Index of the entry under which the payload was erased. */
    erasedBy?: number
  }
}[K]

/** True when the payload and its salt were erased; header and proofs stay. */
export const isErased = (entry: Pick<Entry, 'payload'>): boolean => entry.payload === null

/** An entry as the API and bundles carry it; the payload is absent where it was erased. */
export const EntryRecord = z.strictObject({
  header: EntryHeader,
  payload: JsonObject.optional(),
  /** 16 bytes in hexadecimal. */
  salt: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /** Index of the entry under which the payload was erased. */
  erasedBy: z.int().min(0).exactOptional(),
})
export type EntryRecord = z.infer<typeof EntryRecord>
