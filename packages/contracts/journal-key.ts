import { z } from 'zod'
import { Timestamp } from './names.ts'

/** Verifier key (C2SP signed-note `vkey`). */
const VerifierKey = z.string().max(300)
/** Ed25519 (RFC 8032), 64 bytes in base64. */
const Signature = z.string().max(100)

/** What the old and the new key of a journal sign, as canonical JSON (RFC 8785), when the new one takes over. */
export const JournalKeyStatement = z.strictObject({
  type: z.literal('azora.journal-key.v1'),
  /** The log's name, which both keys bear. */
  shard: z.string().max(200),
  key: VerifierKey,
  previous: VerifierKey,
  /** From when on the new key signs. */
  from: Timestamp,
  /** Until when the old key signs too; afterwards its signature alone permits nothing. */
  previousUntil: Timestamp,
  at: Timestamp,
})
export type JournalKeyStatement = z.infer<typeof JournalKeyStatement>

/** A link of the chain of a journal's keys. The old key vouches for the new one, which shows that it is at hand. */
export const KeyEndorsement = z.strictObject({
  statement: JournalKeyStatement,
  byPrevious: Signature,
  byKey: Signature,
})
export type KeyEndorsement = z.infer<typeof KeyEndorsement>

/** The endorsements of a journal's keys, oldest first. */
export const KeyChain = z.array(KeyEndorsement).max(1_000)
export type KeyChain = z.infer<typeof KeyChain>

/** `POST /api/v1/journal/rotate-key` */
export const RotateKeyRequest = z.strictObject({
  /** How long checkpoints bear both signatures; 0 when the old key is not to be trusted any more. */
  overlapSeconds: z.int().min(0).max(86_400).default(3_600),
})
export type RotateKeyRequest = z.input<typeof RotateKeyRequest>

/** A key of the journal and when it counts. */
export const JournalKeyView = z.strictObject({
  key: z.string(),
  /** `retiring`: it still signs beside its successor. */
  state: z.enum(['active', 'retiring', 'retired']),
  /** Absent for the first key, which nobody endorsed. */
  from: Timestamp.exactOptional(),
  /** Absent for the newest key. */
  until: Timestamp.exactOptional(),
})
export type JournalKeyView = z.infer<typeof JournalKeyView>

/** A key that a tenant's payloads are encrypted under, as the API shows it. */
export const PayloadKeyView = z.strictObject({
  id: z.uuid(),
  /** Name of the key-encryption key that wrapped it. */
  kek: z.string(),
  createdAt: Timestamp,
  /** `retired`: what is encrypted under it can still be read. */
  state: z.enum(['active', 'retired']),
})
export type PayloadKeyView = z.infer<typeof PayloadKeyView>
