import { AzoraError, toAzoraError } from '@azora/base'
import type { Entry, EntryHeader } from '@azora/contracts'
import type { Position } from './batch.ts'
import { commit, fenced, isDurable, isFinal, isNotNew } from './commit.ts'
import { type Draft, preparePayload } from './draft.ts'
import { createKeyBook } from './keys.ts'
import {
  type Announced,
  acknowledge,
  type Committed,
  createProposal,
  type Proposal,
  type ProposalDeps,
  type Waiting,
} from './proposal.ts'
import type { JournalStore } from './store/port.ts'

export interface Writer {
  append(draft: Draft): Promise<Committed>
  /** Another server has the shard: nothing can be appended any more. */
  fence(): void
  /** Resolves when everything that was asked for is settled; later drafts are refused. */
  close(): Promise<void>
}

interface WriterDeps extends ProposalDeps {
  store: JournalStore
  /** Called in the order of the log, before the appends are acknowledged. */
  onCommit: (entries: Entry[]) => void
  /** Called once when nothing can be appended any more: another writer took the shard over, or the log is elsewhere. */
  onFenced: (why: AzoraError) => void
}

const BATCH_ENTRIES_MAX = 2_000
const BATCH_BYTES_MAX = 16 * 1024 * 1024
const QUEUE_MAX = 100_000
/** So many drafts have to wait for the next batch to be made while one is still being written; fewer join a later one. */
const AHEAD_MIN = 64

const HALVED_MIN = 400

/**
 * The single writer of one shard. Whatever waits while a batch is being written forms the next batch: group commit. When much
 * waits, the next batch is made while the one before is still being written, on the assumption that it will be durable; it
 * is written only when that has come true, and made anew otherwise.
 */
export function createWriter(deps: WriterDeps, start: Position): Writer {
  const { store, lifecycle, patience } = deps
  const keys = createKeyBook(store, start.shard)
  let position = start
  const queue: Waiting[] = []
  let working: Promise<void> | undefined
  let closed: AzoraError | undefined
  /** Why nothing can be appended any more. */
  let final: AzoraError | undefined
  /** A batch that was given up before it was known whether it is durable. */
  let unsettled: Announced | undefined
  /** The batch that is being written; never rejects. */
  let flying: Promise<void> | undefined
  /** Something failed, so what is remembered of runs may be what never came true. */
  let spoiled = false
  /** What a batch that was not written leaves to be tried again, with every key and run looked up. */
  let again: readonly Waiting[] = []
  let trusting = true

  async function drain(): Promise<void> {
    while (queue.length > 0 || flying) {
      // While a batch is being written the store does not know of it, so what is remembered must not be forgotten.
      if (flying && (queue.length < AHEAD_MIN || spoiled || lifecycle.full)) {
        await land([])
        // What follows from the batch joins the next one.
        await nextTick()
      } else await write(takeBatch(queue, flying !== undefined))
    }
    working = undefined
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    if (!flying && (spoiled || lifecycle.full)) forget()
    try {
      const { fresh, later } = await sortOut(batch)
      const proposal = await propose(fresh)
      queue.unshift(...later)
      if (flying && !(await land(fresh, proposal.base))) return
      flying = fly(proposal)
      // Drafts that share a key with one of this batch have to see it.
      if (later.length > 0) await land([])
    } catch (thrown) {
      fail(batch, toAzoraError(thrown))
    }
  }

  /**
   * Waits for the batch that is being written. Resolves with false when the log does not end at `base` afterwards: then all
   * that was made ahead is void, and its drafts wait again.
   */
  async function land(ahead: readonly Waiting[], base?: Position): Promise<boolean> {
    await flying
    flying = undefined
    if (final) {
      for (const waiting of [...again, ...ahead]) waiting.reject(final)
      again = []
      return false
    }
    if (!spoiled && !unsettled && again.length === 0 && (base === undefined || base === position)) return true
    forget()
    queue.unshift(...again, ...ahead)
    trusting = again.length === 0
    again = []
    return false
  }

  function forget(): void {
    lifecycle.reset()
    spoiled = false
  }

  async function sortOut(batch: readonly Waiting[]): Promise<{ fresh: Waiting[]; later: Waiting[] }> {
    if (!flying) await patience.tryFor(settle)
    return patience.tryFor(() => keys.sortOut(batch, trusting ? 'suspects' : 'all'))
  }

  async function propose(fresh: readonly Waiting[]): Promise<Proposal> {
    const proposal = await createProposal(deps, fresh, unsettled?.prepared.after ?? position, trusting)
    trusting = true
    return proposal
  }

  /** Writes a proposal; whoever waits for it is answered in any case, or found in `again`. */
  async function fly({ accepted, announced, refused }: Proposal): Promise<void> {
    try {
      if (announced) await append(accepted, announced)
      if (refused.size > 0) await refuse(refused)
    } catch (thrown) {
      fail([...accepted, ...refused.keys()], toAzoraError(thrown))
    }
  }

  async function append(accepted: readonly Waiting[], announced: Announced): Promise<void> {
    const { prepared } = announced
    unsettled = announced
    try {
      await patience.tryFor(() => commit(store, prepared.batch))
    } catch (thrown) {
      if (!isNotNew(thrown)) throw thrown
      // Nothing was written: a key or a run that was taken for new is in the log.
      unsettled = undefined
      again = accepted
      return
    }
    announce()
    keys.remember(accepted)
    acknowledge(accepted, announced)
  }

  /** A draft that may not be appended may yet have been: then it is answered with its entry. */
  async function refuse(refused: ReadonlyMap<Waiting, AzoraError>): Promise<void> {
    const { fresh, later } = await patience.tryFor(() => keys.sortOut([...refused.keys()], 'all'))
    for (const waiting of [...fresh, ...later]) waiting.reject(refused.get(waiting) as AzoraError)
  }

  function fail(batch: readonly Waiting[], error: AzoraError): void {
    for (const waiting of batch) waiting.reject(error)
    spoiled = true
    if (!isFinal(error) || final) return
    final = error
    closed ??= error
    for (const waiting of queue.splice(0)) waiting.reject(error)
    deps.onFenced(error)
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
        const answer = (header: EntryHeader): void => resolve({ header, duplicate: true, receipt: () => undefined })
        queue.push({ draft, payload: preparePayload(draft), resolve, answer, reject })
        working ??= nextTick().then(drain)
      })
    },
    fence: () => fail([], fenced(start.shard)),
    async close() {
      closed ??= new AzoraError('retry', 'journal_closed', 'the server is stopping', { retryAfterMs: 2_000 })
      while (working) await working
    },
  }
}

function takeBatch(queue: Waiting[], ahead: boolean): Waiting[] {
  // Half of much, so that the other half can be made ready while the first is written.
  const most = queue.length >= HALVED_MIN && !ahead ? Math.ceil(queue.length / 2) : queue.length
  let bytes = 0
  let count = 0
  for (const { payload } of queue) {
    bytes += payload.length
    if (count > 0 && (count >= Math.min(most, BATCH_ENTRIES_MAX) || bytes > BATCH_BYTES_MAX)) break
    count += 1
  }
  return queue.splice(0, count)
}

const overloaded = (): AzoraError =>
  new AzoraError('retry', 'overloaded', 'more entries wait for the journal than it accepts', { retryAfterMs: 1_000 })

/** Lets everything that is ready now join the batch. */
const nextTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
