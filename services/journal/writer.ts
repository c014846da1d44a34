import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { Entry, EntryHeader, Receipt } from '@azora/contracts'
import { toBase64 } from '@azora/proof'
import { type Position, type Prepared, prepareBatch } from './batch.ts'
import { commit, isDurable, isFinal, patiently } from './commit.ts'
import { type Draft, preparePayload, type Sealed } from './draft.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Signing } from './signing.ts'
import type { JournalStore, Row } from './store/port.ts'

/** An entry that is durable. */
export interface Committed {
  header: EntryHeader
  /** True when an earlier draft had the same key: `header` is that one's. */
  duplicate: boolean
  /** The proof that the entry is on record; undefined for a duplicate. */
  receipt(): Receipt | undefined
}

export interface Writer {
  append(draft: Draft): Promise<Committed>
  /** Resolves when everything that was asked for is settled; later drafts are refused. */
  close(): Promise<void>
}

interface WriterDeps {
  store: JournalStore
  lifecycle: Lifecycle
  signing: Pick<Signing, 'signersAt'>
  clock: Clock
  log: Log
  /** Called in the order of the log, before the appends are acknowledged. */
  onCommit: (entries: Entry[]) => void
  /** Called once when nothing can be appended any more: another writer took the shard over, or the log is elsewhere. */
  onFenced: () => void
}

interface Announced {
  prepared: Prepared
  entries: Entry[]
}

interface Waiting {
  draft: Draft
  payload: string
  resolve: (committed: Committed) => void
  reject: (error: AzoraError) => void
}

const BATCH_ENTRIES_MAX = 2_000
const BATCH_BYTES_MAX = 16 * 1024 * 1024
const QUEUE_MAX = 100_000

/**
 * The single writer of one shard. Whatever waits while a batch is being written forms the next batch: group commit.
 */
export function createWriter(deps: WriterDeps, start: Position): Writer {
  const { store, lifecycle, log } = deps
  let position = start
  const queue: Waiting[] = []
  let working: Promise<void> | undefined
  let closed: AzoraError | undefined
  /** A batch that was given up before it was known whether it is durable. */
  let unsettled: Announced | undefined

  const stop = (error: AzoraError): void => {
    closed ??= error
    for (const waiting of queue.splice(0)) waiting.reject(error)
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = takeBatch()
      try {
        await write(batch)
      } catch (thrown) {
        const error = toAzoraError(thrown)
        for (const waiting of batch) waiting.reject(error)
        lifecycle.reset()
        if (isFinal(error)) {
          stop(error)
          deps.onFenced()
        }
      }
    }
    working = undefined
  }

  function takeBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const { payload } of queue) {
      bytes += payload.length
      if (count > 0 && (count >= BATCH_ENTRIES_MAX || bytes > BATCH_BYTES_MAX)) break
      count += 1
    }
    return queue.splice(0, count)
  }

  async function write(batch: Waiting[]): Promise<void> {
    await patiently(log, settle)
    const { fresh, later } = await patiently(log, () => sortOut(batch))
    await writeFresh(fresh)
    queue.unshift(...later)
  }

  async function writeFresh(fresh: Waiting[]): Promise<void> {
    await patiently(log, () => lifecycle.load(fresh.map(({ draft }) => draft)))
    const accepted = fresh.flatMap((waiting) => {
      try {
        return [{ ...waiting, runIndex: lifecycle.accept(waiting.draft) }]
      } catch (thrown) {
        waiting.reject(toAzoraError(thrown))
        return []
      }
    })
    if (accepted.length === 0) return
    const nowMs = deps.clock.now()
    const prepared = prepareBatch(accepted, position, nowMs, deps.signing.signersAt(nowMs))
    unsettled = { prepared, entries: accepted.map(({ draft }, offset) => entryOf(draft, prepared, offset)) }
    await patiently(log, () => commit(store, prepared.batch))
    announce()
    accepted.forEach((waiting, offset) => {
      const sealed = prepared.sealed[offset]
      if (sealed)
        waiting.resolve({
          header: sealed.header,
          duplicate: false,
          receipt: () => receiptOf(prepared, sealed.row, sealed.header),
        })
    })
  }

  /** Answers drafts whose key is in the log. Of those that share a key, all but the first have to wait for it. */
  async function sortOut(batch: Waiting[]): Promise<{ fresh: Waiting[]; later: Waiting[] }> {
    const keyed = batch.filter(({ draft }) => draft.key)
    if (keyed.length === 0) return { fresh: batch, later: [] }
    const held = new Map<string | null, Row>()
    for (const row of await store.readKeys(
      position.shard,
      keyed.map(({ draft }) => draft.key as string),
    ))
      held.set(row.key, row)
    const seen = new Set<string>()
    const later: Waiting[] = []
    const fresh = batch.filter((waiting) => {
      const { key } = waiting.draft
      if (!key) return true
      const row = held.get(key)
      if (row) waiting.resolve({ header: JSON.parse(row.header), duplicate: true, receipt: () => undefined })
      else if (seen.has(key)) later.push(waiting)
      else return Boolean(seen.add(key))
      return false
    })
    return { fresh, later }
  }

  /** Finds out what became of a batch that was given up, so that the next one stands where the log ends. */
  async function settle(): Promise<void> {
    if (!unsettled) return
    if (await isDurable(store, unsettled.prepared.batch)) announce()
    unsettled = undefined
  }

  /** The unsettled batch is durable: everybody may know. */
  function announce(): void {
    if (!unsettled) return
    position = unsettled.prepared.after
    deps.onCommit(unsettled.entries)
    unsettled = undefined
  }

  return {
    append(draft) {
      if (closed) return Promise.reject(closed)
      if (queue.length >= QUEUE_MAX) return Promise.reject(overloaded())
      return new Promise((resolve, reject) => {
        queue.push({ draft, payload: preparePayload(draft), resolve, reject })
        working ??= nextTick().then(drain)
      })
    },
    async close() {
      closed ??= new AzoraError('retry', 'journal_closed', 'the server is stopping', { retryAfterMs: 2_000 })
      while (working) await working
    },
  }
}

function receiptOf({ batch, pathOf }: Prepared, row: Row, header: EntryHeader): Receipt {
  return {
    entry: { header, payload: JSON.parse(row.payload ?? 'null'), salt: row.salt?.toString('hex') ?? '' },
    inclusion: { index: header.index, path: pathOf(header).map(toBase64) },
    checkpoint: batch.checkpoint,
  }
}

function entryOf(draft: Draft, { sealed }: Prepared, offset: number): Entry {
  const { header, row } = sealed[offset] as Sealed
  return { header, payload: draft.payload, salt: row.salt?.toString('hex') ?? '' } as Entry
}

const overloaded = (): AzoraError =>
  new AzoraError('retry', 'overloaded', 'more entries wait for the journal than it accepts', { retryAfterMs: 1_000 })

/** Lets everything that is ready now join the batch. */
const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
