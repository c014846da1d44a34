import { randomUUID } from 'node:crypto'
import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { Db } from '@azora/base/db'
import {
  ENTRY_PAYLOADS,
  type Entry,
  type EntryKind,
  type JournalKeyView,
  type KeyChain,
  type KeyEndorsement,
  type PayloadKeyView,
  type PublishedCheckpoint,
} from '@azora/contracts'
import { EMPTY_ROOT, type Hash, type Signer, signCheckpoint } from '@azora/proof'
import type { Draft } from './draft.ts'
import { type ExportRange, exportLog } from './export.ts'
import { watchFence } from './fence-watch.ts'
import { createLifecycle } from './lifecycle.ts'
import { assertSigned, corrupt, readLastHeader } from './opening.ts'
import { createPatience, type Trouble } from './patience.ts'
import type { DataKeyStore, PayloadCodec, PrivateTexts } from './payloads/port.ts'
import { createVault, type PayloadEncryption } from './payloads/vault.ts'
import { createLogProofs, type LogProofs } from './proofs.ts'
import type { Committed } from './proposal.ts'
import { type ProveDeps, type Proven, proveEntries } from './prove.ts'
import type { CheckpointStore } from './publish/port.ts'
import { assertPublished } from './publish/prefix.ts'
import { createPublisher, type Publisher, viewOf } from './publish/publisher.ts'
import { createReader, type JournalReader, PAGE } from './reader.ts'
import { createRotation } from './rotation.ts'
import { createSigning, type KeyStore, verifiersOf } from './signing.ts'
import { createCheckpointStore } from './store/checkpoints.ts'
import { createDataKeyStore } from './store/data-keys.ts'
import type { JournalStore } from './store/port.ts'
import { createPostgresStore } from './store/postgres.ts'
import { proveConsistency } from './tree.ts'
import { createWriter } from './writer.ts'

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
  /** The log as an export that `@azora/audit` reads; see {@link exportLog}. */
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

const PUBLISHED_MAX = 100
const PUBLISHED_WAIT_MS = 1_500

/** {@link openJournal} in PostgreSQL. */
export const createJournal = ({ db, ...deps }: JournalDeps): Promise<Journal> =>
  openJournal(deps, {
    entries: (payloads) => createPostgresStore(db, payloads),
    checkpoints: createCheckpointStore(db),
    dataKeys: createDataKeyStore(db),
  })

/** Takes the shard over and opens it for appending. */
export async function openJournal(deps: OpenJournalDeps, stores: JournalStores): Promise<Journal> {
  const { signer, clock, log } = deps
  const shard = signer.verifier.name
  const vault = createVault(stores.dataKeys, deps.encryption, clock)
  const store = await stores.entries(vault)
  await vault.load()
  await assertOurs(store, deps)
  const head = await store.acquire(shard, () => ({
    checkpoint: signCheckpoint({ origin: shard, size: 0, root: EMPTY_ROOT }, signer),
  }))
  const frontier = { size: head.size, roots: head.frontier }
  const signing = createSigning([signer, ...(deps.keys?.signers() ?? [])], await readChain(store, shard))
  assertSigned(head.checkpoint, verifiersOf(signing), frontier)
  await deps.keys?.settle(signing.active, signing.retiringAt(clock.now())?.verifier)
  const last = await readLastHeader(store, shard, frontier)
  const lastMs = last ? Date.parse(last.at) : 0
  const { checkpoints } = stores
  const published = await checkpoints.newest(shard)
  await assertPublished(published, { shard, store, frontier, verifiers: verifiersOf(signing) })
  const publisher = await createPublisher(
    {
      shard,
      epoch: head.epoch,
      checkpoints,
      head: async () => {
        const now = await store.head(shard)
        return now?.epoch === head.epoch ? now.checkpoint : undefined
      },
      verifiers: () => verifiersOf(signing),
      clock,
      log,
      everyMs: deps.publishEveryMs,
    },
    published,
  )

  const listeners = new Set<(entries: Entry[]) => void>()
  let size = head.size
  const onCommit = (entries: Entry[]): void => {
    size += entries.length
    for (const entry of entries) signing.onCommit(entry)
    publisher.onCommit()
    for (const listener of listeners) notify(listener, entries, log)
  }
  const position = { shard, epoch: head.epoch, frontier, lastMs }
  const patience = createPatience(log)
  const writer = createWriter(
    { store, lifecycle: createLifecycle(store), signing, clock, patience, onCommit, onFenced: deps.onFenced },
    position,
  )
  const rotation = createRotation({ shard, keys: deps.keys, signing, writer, clock, log })
  rotation.watch()
  const fence = watchFence({
    epoch: head.epoch,
    head: () => store.head(shard),
    clock,
    log,
    onTaken: () => writer.fence(),
  })

  const proving: ProveDeps = {
    shard,
    store,
    published: (after) => checkpoints.page(shard, after, PUBLISHED_MAX).then((page) => page.map(viewOf)),
    nextPublished: () => nextPublished(publisher),
    active: () => signing.active,
  }
  return {
    append: (draft) => writer.append(draft as Draft),
    ...createReader(store, shard, () => size),
    async erase(indexes, by) {
      if (by >= size || indexes.length > ERASED_AT_ONCE_MAX || indexes.some((index) => index >= by))
        throw new AzoraError('bug', 'erasure_unrecorded', `entry ${by} can't be why others are erased`)
      await store.erase({ shard, epoch: head.epoch, indexes, by })
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    prove: (indexes, bytesMax) => proveEntries(proving, indexes, bytesMax),
    attest: (make) => make(signing.activeSigner),
    export: (range) =>
      exportLog(
        {
          shard,
          store,
          checkpoint: () => publisher.newest(),
          keys: () => verifiersOf(signing).map(({ text }) => text),
        },
        range,
      ),
    status: () => ({ shard, size, epoch: head.epoch, key: signing.active.text }),
    trouble: patience.trouble,
    keys: () => signing.views(clock.now()),
    keyChain: () => [...signing.chain],
    rotateKey: (request) => rotation.rotate(request),
    async rotatePayloadKey({ tenant, actor }) {
      const key = randomUUID()
      await vault.rotate(tenant, key)
      await writer.append({ kind: 'journal.payload_key_rotated', tenant, actor, payload: { key } })
      return vault.keys(tenant)
    },
    payloadKeys: vault.keys,
    texts: vault.texts,
    publishedCheckpoint: () => publisher.newest(),
    publishedCheckpoints: async (after, limit) => (await checkpoints.page(shard, after, limit)).map(viewOf),
    proveConsistency: (from, to) => proveConsistency(store, shard, from, to),
    proofs: createLogProofs({ shard, store, size: () => size, published: () => publisher.newest() }),
    onPublished: (listener) => publisher.subscribe(listener),
    cosign: (cosignature) => publisher.cosign(cosignature),
    async close() {
      fence.stop()
      rotation.stop()
      await writer.close()
      await publisher.close()
    },
  }
}

/** Resolves with the next public checkpoint, or after a moment without one. */
function nextPublished(publisher: Pick<Publisher, 'subscribe'>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, PUBLISHED_WAIT_MS)
    const leave = publisher.subscribe(done)
    function done(): void {
      clearTimeout(timer)
      leave()
      resolve()
    }
  })
}

/** The endorsements of the shard's keys, oldest first. */
async function readChain(store: JournalStore, shard: string): Promise<KeyEndorsement[]> {
  const chain: KeyEndorsement[] = []
  let after = -1
  for (;;) {
    const rows = await store.readKinds(shard, ['journal.key_rotated'], { after, ...PAGE })
    for (const row of rows) {
      const rotated = ENTRY_PAYLOADS['journal.key_rotated'].safeParse(JSON.parse(row.payload ?? 'null'))
      if (!rotated.success) throw corrupt(shard, `entry ${row.index} changes its key, and can't be read`)
      chain.push(rotated.data.endorsement)
      after = row.index
    }
    if (rows.length === 0) return chain
  }
}

function notify(listener: (entries: Entry[]) => void, entries: Entry[], log: Log): void {
  try {
    listener(entries)
  } catch (thrown) {
    log.error({ err: toAzoraError(thrown) }, 'a listener of the journal failed')
  }
}

/** Whoever lacks the key that signed the log is turned away before it fences off the server that has it. */
async function assertOurs(store: JournalStore, { signer, keys }: Pick<JournalDeps, 'signer' | 'keys'>): Promise<void> {
  const shard = signer.verifier.name
  const head = await store.head(shard)
  if (!head) return
  const signing = createSigning([signer, ...(keys?.signers() ?? [])], await readChain(store, shard))
  assertSigned(head.checkpoint, verifiersOf(signing), { size: head.size, roots: head.frontier })
}
