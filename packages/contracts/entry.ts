import { z } from 'zod'
import { ACTION_ENTRIES } from './entries/action.ts'
import { AGENT_ENTRIES } from './entries/agent.ts'
import { BUDGET_ENTRIES } from './entries/budget.ts'
import { CHILD_ENTRIES } from './entries/child.ts'
import { COMPENSATION_ENTRIES } from './entries/compensation.ts'
import { DEPENDENCY_ENTRIES } from './entries/dependency.ts'
import { KEY_ENTRIES } from './entries/key.ts'
import { LOG_ENTRIES } from './entries/log.ts'
import { PROVISIONING_ENTRIES } from './entries/provisioning.ts'
import { REVIEW_ENTRIES } from './entries/review.ts'
import { RUN_ENTRIES } from './entries/run.ts'
import { SCHEDULE_ENTRIES } from './entries/schedule.ts'
import { SECRET_ENTRIES } from './entries/secret.ts'
import { SIGN_IN_ENTRIES } from './entries/sign-in.ts'
import { WAIT_ENTRIES } from './entries/wait.ts'
import { WEBHOOK_ENTRIES } from './entries/webhook.ts'
import { JsonObject } from './json.ts'
import { Digest, RunId, Timestamp } from './names.ts'
import { PrincipalId, RunState, Tenant } from './run.ts'

/** The payload of each kind of entry. */
export const ENTRY_PAYLOADS = {
  ...RUN_ENTRIES,
  ...AGENT_ENTRIES,
  ...ACTION_ENTRIES,
  ...WAIT_ENTRIES,
  ...DEPENDENCY_ENTRIES,
  ...CHILD_ENTRIES,
  ...BUDGET_ENTRIES,
  ...COMPENSATION_ENTRIES,
  ...REVIEW_ENTRIES,
  ...SCHEDULE_ENTRIES,
  ...SECRET_ENTRIES,
  ...WEBHOOK_ENTRIES,
  ...SIGN_IN_ENTRIES,
  ...PROVISIONING_ENTRIES,
  ...KEY_ENTRIES,
  ...LOG_ENTRIES,
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
