import type { AzoraError, Clock, Log } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { Entry, EntryKind, JournalKeyView, KeyChain, PayloadKeyView, PublishedCheckpoint } from '@azora/contracts'
import type { Hash, Signer } from '@azora/proof'
import type { Draft } from './draft.ts'
import type { ExportRange } from './export.ts'
import type { Trouble } from './patience.ts'
import type { DataKeyStore, PayloadCodec, PrivateTexts } from './payloads/port.ts'
import type { PayloadEncryption } from './payloads/vault.ts'
import type { LogProofs } from './proofs.ts'
import type { Committed } from './proposal.ts'
import type { Proven } from './prove.ts'
import type { CheckpointStore } from './publish/port.ts'
import type { JournalReader } from './reader.ts'
import type { KeyStore } from './signing.ts'
import type { JournalStore } from './store/port.ts'

export interface OpenJournalDeps {
  /** Signs checkpoints, until it is succeeded; its name is the shard's name. */
  signer: Signer
  /** Keeps the keys that come after it; without it the key does not change. */
  keys?: KeyStore
  /** Keeps payloads encrypted in the database; without it they are in the clear. */
  encryption?: PayloadEncryption | undefined
  clock: Clock
  log: Log
  /** Milliseconds between two published checkpoints while entries arrive. */
  publishEveryMs?: number
  /** Called once when this server can't remember anything any more, mostly as another one took the shard over. */
  onFenced: (why: AzoraError) => void
}

export interface JournalDeps extends OpenJournalDeps {
  db: Db
}

/** Where a journal keeps what it has. */
export interface JournalStores {
  /** @param payloads what is kept in the place of payloads */
  entries(payloads: PayloadCodec): Promise<JournalStore>
  checkpoints: CheckpointStore
  dataKeys: DataKeyStore
}

export interface JournalStatus {
  shard: string
  size: number
  epoch: number
  /** Newest verifier key of the checkpoints (C2SP signed-note). */
  key: string
}

/** The append-only, tamper-evident log; the only truth about runs. */
export interface Journal extends JournalReader {
  /** Resolves when the entry is durable. Rejects with `illegal_transition`, `overloaded`, `journal_fenced`, … */
  append<K extends EntryKind>(draft: Draft<K>): Promise<Committed>
  /**
   * Removes the payloads and salts of entries for good; durable when it resolves. Headers and proofs stay. What may be
   * erased, and why, is for the caller to know: an entry has to say it first.
   *
   * @param indexes at most {@link ERASED_AT_ONCE_MAX}
   * @param by index of that entry, behind all of them. Throws `erasure_unrecorded` when it isn't on record.
   */
  erase(indexes: readonly number[], by: number): Promise<void>
  /** Calls the listener with each commit's entries, in order, after they are durable. Returns a function that stops it. */
  subscribe(listener: (entries: Entry[]) => void): () => void
  /**
   * Entries with their proofs under one public checkpoint.
   *
   * @param indexes in ascending order
   * @param bytesMax what their payloads may hold together; throws `proof_too_large` beyond
   */
  prove(indexes: readonly number[], bytesMax: number): Promise<Proven>
  /** Lends the key that signs checkpoints, for statements that can't be taken for one (DSSE). */
  attest<T>(make: (signer: Signer) => T): T
  /** The log as an export that `@azora/audit` reads. */
  export(range: ExportRange): AsyncGenerator<Buffer, void, undefined>
  status(): JournalStatus
  /** What keeps it from writing at this moment. */
  trouble(): Trouble | undefined
  /** Every key that signed checkpoints, oldest first, and when it counts. */
  keys(): JournalKeyView[]
  /** How each key after the first was endorsed, oldest first. */
  keyChain(): KeyChain
  /**
   * Makes a new key and lets it sign from now on, beside the old one for the overlap. Throws `rotation_in_progress` or
   * `rotation_unsupported`.
   */
  rotateKey(request: { tenant: string; actor: string; overlapMs: number }): Promise<JournalKeyView[]>
  /** Lets new payloads of a tenant be encrypted under a new key. Throws `payload_encryption_off`. */
  rotatePayloadKey(request: { tenant: string; actor: string }): Promise<PayloadKeyView[]>
  /** The keys that a tenant's payloads are encrypted under, oldest first. */
  payloadKeys(tenant: string): PayloadKeyView[]
  /** For what is made from payloads and kept beside the journal. */
  readonly texts: PrivateTexts
  /** The newest public checkpoint, with the cosignatures that it has so far. */
  publishedCheckpoint(): PublishedCheckpoint
  /** Up to `limit` public checkpoints of more than `after` entries, smallest first. */
  publishedCheckpoints(after: number, limit: number): Promise<PublishedCheckpoint[]>
  /**
   * Proves that the tree of `to` entries begins with that of `from` (RFC 9162, section 2.1.4.1).
   *
   * @param to at most the size of the log, and at least `from`
   */
  proveConsistency(from: number, to: number): Promise<Hash[]>
  /** Calls the listener with each checkpoint that becomes public. Returns a function that stops it. */
  onPublished(listener: (checkpoint: PublishedCheckpoint) => void): () => void
  /** Proofs about any size of the log, and its tiles. */
  readonly proofs: LogProofs
  /** Adds the signature line of a witness, whose cosignature the caller has verified, to a public checkpoint. */
  cosign(cosignature: { size: number; witness: string; line: string }): Promise<void>
  /** Resolves when all that was appended is durable and public. */
  close(): Promise<void>
}

/** Payloads that one call erases, so that it holds up nobody for long. */
export const ERASED_AT_ONCE_MAX = 1_000
