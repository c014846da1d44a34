import { type Entry, type EntryRecord, isErased, isTerminal } from '@azora/contracts'
import type { Journal, TenantRuns } from '@azora/journal'
import { type StreamReader, watchAccess } from './access.ts'

/** A reader who is this far behind is cut off, whatever the form of the stream, and goes on after the last entry that they saw. */
export const BEHIND_BYTES_MAX = 4 * 1024 * 1024

/** Which run, from after which entry, and for whom. */
export interface FollowedRun {
  runId: string
  after: number
  reader: StreamReader
}

export type RunSource = Pick<Journal, 'subscribe'> & TenantRuns

/** What a reader of a run is told, in whatever form it is sent on. */
export interface RunFollower {
  entry(record: EntryRecord): void
  /** The run has ended; nothing more comes. */
  ended(): void
  /** The reader was removed or signed out, or what let them in has expired; nothing more comes. */
  accessEnded(): void
}

/**
 * Tells of a run's entries in their order: first what the journal holds after the given index, then what it commits, until
 * the run has ended or nobody listens any more.
 */
export async function followRun(
  journal: RunSource,
  { runId, after, reader }: FollowedRun,
  follower: RunFollower,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  let last = after
  let waiting: Entry[] | undefined = []
  let over = false
  const stop = (): void => {
    over = true
    unwatch()
    unsubscribe()
  }
  const end = (): void => {
    if (over) return
    stop()
    follower.ended()
  }
  const tell = (entry: Entry): void => {
    if (over || entry.header.index <= last) return
    last = entry.header.index
    follower.entry(recordOf(entry))
    if (endsRun(entry)) end()
  }
  // Before the entries: nothing that is on record after it is told.
  const unwatch = watchAccess(journal, reader, () => {
    if (over) return
    stop()
    follower.accessEnded()
  })
  const unsubscribe = journal.subscribe((entries) => {
    if (over) return
    for (const entry of entries) {
      if (entry.header.run !== runId) continue
      if (waiting) waiting.push(entry)
      else tell(entry)
    }
  })
  signal.addEventListener('abort', stop, { once: true })
  // The whole run is read, so that a reader who has seen its end is told so at once.
  const past = await journal.within(reader.tenant).readRun(runId)
  for (const entry of past) tell(entry)
  for (const entry of waiting) tell(entry)
  waiting = undefined
  if (past.some(endsRun)) end()
}

const endsRun = ({ header: { transition } }: Entry): boolean => transition !== undefined && isTerminal(transition.to)

function recordOf(entry: Entry): EntryRecord {
  const { header, payload, salt, erasedBy } = entry
  return isErased(entry)
    ? { header, ...(erasedBy !== undefined && { erasedBy }) }
    : { header, payload: payload as EntryRecord['payload'], salt }
}
