import { type Entry, type EntryPayload, type EntryRecord, isErased, isTerminal } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { FastifyReply } from 'fastify'

const HEARTBEAT_MS = 15_000
/** A reader that is this far behind is cut off; it resumes with Last-Event-ID. */
const BUFFERED_BYTES_MAX = 4 * 1024 * 1024

/** Answers with server-sent events (WHATWG HTML, section 9.2); from here on the caller writes them. */
export function beginEvents(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}

/** Who a stream is for. */
export interface StreamReader {
  id: string
  tenant: string
}

/**
 * True when entries say that the reader was removed, signed out or given other roles, or a key of theirs ended: their streams end as
 * what let them in does.
 */
export const endsAccess = (entries: readonly Entry[], { id, tenant }: StreamReader): boolean =>
  entries.some(
    ({ header, payload }) =>
      ENDS_ACCESS.has(header.kind) &&
      header.tenant === tenant &&
      (payload as EntryPayload<EndsAccess> | undefined)?.principal === id,
  )

type EndsAccess = 'principal.removed' | 'principal.changed' | 'session.ended' | 'key.revoked' | 'key.rotated'

/** Somebody who may still see it takes a stream up again with Last-Event-ID. */
const ENDS_ACCESS: ReadonlySet<string> = new Set<EndsAccess>([
  'principal.removed',
  'principal.changed',
  'session.ended',
  'key.revoked',
  'key.rotated',
])

/**
 * Streams a run's entries as server-sent events: first what the journal holds after the given
 * index, then what it commits, until the run has ended.
 */
export async function streamRun(
  journal: Pick<Journal, 'subscribe' | 'readRun'>,
  runId: string,
  after: number,
  reader: StreamReader,
  reply: FastifyReply,
): Promise<void> {
  const { raw } = reply
  beginEvents(reply)
  if (raw.destroyed) return
  let last = after
  let waiting: Entry[] | undefined = []

  const send = (entry: Entry): void => {
    if (entry.header.index <= last || raw.writableEnded) return
    last = entry.header.index
    const { header, payload, salt, erasedBy } = entry
    const record: EntryRecord = isErased(entry)
      ? { header, ...(erasedBy !== undefined && { erasedBy }) }
      : { header, payload: payload as EntryRecord['payload'], salt }
    raw.write(`id: ${header.index}\nevent: ${header.kind}\ndata: ${JSON.stringify(record)}\n\n`)
    if (raw.writableLength > BUFFERED_BYTES_MAX) raw.destroy()
    else if (header.transition && isTerminal(header.transition.to)) raw.end()
  }
  const unsubscribe = journal.subscribe((entries) => {
    if (endsAccess(entries, reader)) return void raw.destroy()
    for (const entry of entries) {
      if (entry.header.run !== runId) continue
      if (waiting) waiting.push(entry)
      else send(entry)
    }
  })
  raw.flushHeaders()
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS)
  raw.on('close', () => {
    clearInterval(heartbeat)
    unsubscribe()
  })
  // The whole run is read, so that a reader who has seen its end is told so at once.
  const past = await journal.readRun(runId)
  for (const entry of past) send(entry)
  for (const entry of waiting) send(entry)
  waiting = undefined
  const ended = past.some(({ header }) => header.transition && isTerminal(header.transition.to))
  if (ended && !raw.writableEnded) raw.end()
}
