import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { Entry, EntryHeader, Receipt } from '@azora/contracts'
import type { Signer } from '@azora/proof'
import { type Position, type Prepared, prepareBatch } from './batch.ts'
import { type Draft, preparePayload, type Sealed } from './draft.ts'
import type { Lifecycle } from './lifecycle.ts'
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
  signer: Signer
  clock: Clock
  log: Log
  /** Called in the order of the log, before the appends are acknowledged. */
  onCommit: (entries: Entry[]) => void
  /** Called once when another writer took the shard over. */
  onFenced: () => void
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
const RETRY_MS = 250
const RETRIES_MAX = 240

/**
 * The single writer of one shard. Whatever waits while a batch is being written forms the next batch: group commit.
 */
export function createWriter(deps: WriterDeps, start: Position): Writer {
  const { store, lifecycle, log } = deps
  let position = start
  let queue: Waiting[] = []
  let working: Promise<void> | undefined
  let closed: AzoraError | undefined

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
        if (error.code === 'journal_fenced') {
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
    const fresh = await withoutDuplicates(batch)
    await lifecycle.load(fresh.map(({ draft }) => draft))
    const accepted = fresh.filter((waiting) => {
      try {
        lifecycle.accept(waiting.draft)
        return true
      } catch (thrown) {
        waiting.reject(toAzoraError(thrown))
        return false
      }
    })
    if (accepted.length === 0) return
    const prepared = prepareBatch(accepted, position, deps.clock.now(), deps.signer)
    await commit(prepared)
    position = prepared.after
    deps.onCommit(accepted.map(({ draft }, offset) => entryOf(draft, prepared, offset)))
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

  async function withoutDuplicates(batch: Waiting[]): Promise<Waiting[]> {
    const keyed = batch.filter(({ draft }) => draft.key)
    if (keyed.length === 0) return batch
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
      // A second draft with a key of this batch waits for the next one, where it finds the first.
      else if (seen.has(key)) later.push(waiting)
      else return Boolean(seen.add(key))
      return false
    })
    queue = [...later, ...queue]
    return fresh
  }

  /** Writes until it is known that the batch is durable, or that it never can be. */
  async function commit({ batch }: Prepared): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (await store.append(batch)) return
      } catch (thrown) {
        const error = toAzoraError(thrown)
        if (error.advice !== 'retry' || attempt >= RETRIES_MAX) throw error
        if (attempt % 20 === 0) log.warn({ err: error }, 'the journal waits for the database')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
      const head = await store.head(batch.shard).catch(() => undefined)
      if (!head) continue
      if (head.epoch !== batch.epoch) throw fenced(batch.shard)
      if (head.size === batch.expectedSize + batch.rows.length) return
    }
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
    inclusion: { index: header.index, path: pathOf(header).map((node) => node.toString('base64')) },
    checkpoint: batch.checkpoint,
  }
}

function entryOf(draft: Draft, { sealed }: Prepared, offset: number): Entry {
  const { header, row } = sealed[offset] as Sealed
  return { header, payload: draft.payload, salt: row.salt?.toString('hex') ?? '' } as Entry
}

const fenced = (shard: string): AzoraError =>
  new AzoraError('conflict', 'journal_fenced', `another server has taken over journal shard ${shard}`, {
    remedy: 'Stop this server; the other one goes on with its runs.',
  })

const overloaded = (): AzoraError =>
  new AzoraError('retry', 'overloaded', 'more entries wait for the journal than it accepts', { retryAfterMs: 1_000 })

/** Lets everything that is ready now join the batch. */
const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
