import { z } from 'zod'
import { Failure, Outcome } from './entries/outcome.ts'
import { EntryRecord } from './entry.ts'
import { KeyChain } from './journal-key.ts'
import type { JsonObject } from './json.ts'
import { Name, NodeName, Timestamp } from './names.ts'
import { Inclusion, Receipt, TreeHash } from './proof.ts'
import { LeaseEnd } from './secret.ts'
import { SECRETS_MAX, SecretVersionNumber } from './secret-use.ts'
import { Action } from './verdict.ts'

/**
 * Messages between the control plane and an execution node: JSON text frames of one WebSocket, opened by the node under
 * this subprotocol (RFC 6455, section 1.9). Who speaks another one is refused before anything is said.
 */
export const NODE_PROTOCOL = 'azora.node.v4'

/** Code of a refusal in the name of a node that went away before it was asked. */
export const NODE_GONE = 'node_gone'

/**
 * The control plane pings every 5 s, and takes a node that answers none of two for lost. A node that has heard nothing for so
 * long hangs up without acting on what it hears then: others may have been told meanwhile that nobody knows how it ended.
 */
export const NODE_SILENCE_MS = 8_000
/** After so long no message that was on its way when a node was lost is acted on any more. */
export const NODE_LOST_MS = 10_000

/** Messages hold inputs and outputs, which may be 64 deep, a dozen levels down. */
export const NODE_JSON_DEPTH_MAX = 96

/** In one frame. */
export const PERFORM_REQUESTS_MAX = 1_024

/** A request to act. The node performs it only if the receipt proves that it may. */
export const PerformRequest = z.strictObject({
  type: z.literal('perform'),
  /** Chosen by the caller; echoed in the answer. */
  id: z.string().max(100),
  action: Action,
  entrypoint: z.string().max(300),
  /** Stable over retries of one action. */
  idempotencyKey: z.string().max(100),
  receipt: Receipt.optional(),
})
export type PerformRequest = z.infer<typeof PerformRequest>

/** Its payload is JSON as all that comes in a frame, and is read as a verdict by whoever checks the receipt. */
const VerdictRecord = EntryRecord.extend({
  payload: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null).optional(),
})
/** A {@link PerformRequest} as it travels: without what the frame, or the verdict of its receipt, says already. */
export const TravellingRequest = z.strictObject({
  ...PerformRequest.omit({ type: true, receipt: true }).shape,
  /** That of the verdict when absent. */
  action: Action.exactOptional(),
  entry: VerdictRecord.exactOptional(),
  /** The path names nodes by their places in the frame. */
  inclusion: Inclusion.extend({ path: z.array(z.int().min(0)).max(64) }).exactOptional(),
})
/** What is asked in one turn: the proofs of most of it lead to one checkpoint, by way of much the same nodes of the tree. */
export const PerformMessage = z.strictObject({
  type: z.literal('perform'),
  checkpoint: Receipt.shape.checkpoint.exactOptional(),
  nodes: z.array(TreeHash).max(PERFORM_REQUESTS_MAX * 64),
  requests: z.array(TravellingRequest).min(1).max(PERFORM_REQUESTS_MAX),
})
export type PerformMessage = z.infer<typeof PerformMessage>

export const CancelRequest = z.strictObject({ type: z.literal('cancel'), id: z.string().max(100) })
/**
 * The endorsements of the journal's keys. The node believes what the key that it was given endorses, and hangs up on
 * anything else.
 */
export const JournalKeys = z.strictObject({ type: z.literal('journal_keys'), chain: KeyChain })

/** A secret on lease, readable by the node that asked alone (RFC 9180). Its terms are those of the action. */
export const SealedLease = z.strictObject({
  leaseId: z.uuid(),
  slot: Name,
  version: SecretVersionNumber,
  expiresAt: Timestamp,
  enc: z.base64().max(60),
  ciphertext: z.base64().max(100_000),
})
export type SealedLease = z.infer<typeof SealedLease>
/** The answer to {@link NodeLeaseRequest}: the leases, or why there are none. */
export const NodeLeases = z.strictObject({
  type: z.literal('leases'),
  id: z.string(),
  leases: z.array(SealedLease).max(SECRETS_MAX).exactOptional(),
  error: Failure.exactOptional(),
})
export type NodeLeases = z.infer<typeof NodeLeases>
/** A lease ends before its action does. */
export const NodeLeaseEnd = z.strictObject({
  type: z.literal('lease_ended'),
  id: z.string(),
  leaseId: z.uuid(),
  reason: LeaseEnd,
})
export type NodeLeaseEnd = z.infer<typeof NodeLeaseEnd>
export const ToNode = z.discriminatedUnion('type', [
  PerformMessage,
  CancelRequest,
  JournalKeys,
  NodeLeases,
  NodeLeaseEnd,
])
export type ToNode = z.infer<typeof ToNode>

export const NodeHello = z.strictObject({
  type: z.literal('hello'),
  node: NodeName,
  /** Random for each start of the node: a proof is good for one life of one node. */
  instance: z.string().regex(/^[A-Za-z0-9-]{8,64}$/),
  /** The partition of work that it serves. */
  shard: Name,
  /** Actions performed at one time. */
  capacity: z.int().min(1).max(1024),
  isolation: z.string().max(60),
  /** Of Azora, for people. */
  version: z.string().max(60),
})
export type NodeHello = z.infer<typeof NodeHello>
/** The node wants no more: what it has been given or promised is finished, then the control plane hangs up. */
export const NodeDraining = z.strictObject({ type: z.literal('draining') })
/** What an action prints, while it prints it; for people, and not on record. */
export const NodeOutput = z.strictObject({
  type: z.literal('output'),
  id: z.string().max(100),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string().max(32_768),
})
export type NodeOutput = z.infer<typeof NodeOutput>
export const NodeOutcome = z.strictObject({ type: z.literal('outcome'), id: z.string(), outcome: Outcome })
/** `proof_missing`, `proof_invalid`, `proof_expired`, `proof_spent`, `proof_elsewhere`, `proof_mismatch`, `code_mismatch`, `overloaded`. */
export const NodeRefusal = z.strictObject({ type: z.literal('refused'), id: z.string(), error: Failure })
/** Asks for the secrets that the proof of a request names, which the node has checked and spent. */
export const NodeLeaseRequest = z.strictObject({
  type: z.literal('lease'),
  /** Of the request. */
  id: z.string().max(100),
  /** X25519 public key of 32 bytes in base64, made for this request. */
  key: z.base64().length(44),
})
export const FromNode = z.discriminatedUnion('type', [
  NodeHello,
  NodeDraining,
  NodeOutput,
  NodeOutcome,
  NodeRefusal,
  NodeLeaseRequest,
])
export type FromNode = z.infer<typeof FromNode>

/** A connected node as the API shows it. */
export const NodeView = z.strictObject({
  node: NodeName,
  shard: Name,
  capacity: z.int(),
  busy: z.int(),
  /** `draining`: it finishes what it has and is given nothing more. */
  state: z.enum(['ready', 'draining']),
  isolation: z.string(),
  version: z.string(),
})
export type NodeView = z.infer<typeof NodeView>
