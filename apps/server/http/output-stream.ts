import { isTerminal } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { FastifyReply } from 'fastify'
import type { LiveOutput } from '../live-output.ts'
import { type StreamReader, watchAccess } from './access.ts'
import { beginEvents } from './event-stream.ts'

const HEARTBEAT_MS = 15_000
/** What a reader can't take in time is left out for it: it is kept as an artifact anyway. */
const BUFFERED_BYTES_MAX = 1024 * 1024

export interface OutputSource {
  live: LiveOutput
  journal: Pick<Journal, 'subscribe'>
  /** Whether the run has ended. */
  isOver(): Promise<boolean>
}

/** Streams what a run's actions print as server-sent events, from now on, until the run has ended. */
export async function streamOutput(
  source: OutputSource,
  runId: string,
  reader: StreamReader,
  reply: FastifyReply,
): Promise<void> {
  const { raw } = reply
  // Whoever may not see the run is answered with a problem; nothing is written before that is known.
  const wasOver = await source.isOver()
  beginEvents(reply)
  if (raw.destroyed) return
  raw.flushHeaders()
  const end = (): void => {
    if (!raw.writableEnded) raw.end('event: end\ndata: {}\n\n')
  }
  const unwatch = source.live.watch(runId, (event) => {
    if (raw.writableEnded || raw.writableLength > BUFFERED_BYTES_MAX) return
    raw.write(`event: output\ndata: ${JSON.stringify(event)}\n\n`)
  })
  const unwatchAccess = watchAccess(source.journal, reader, () => raw.destroy())
  const unsubscribe = source.journal.subscribe((entries) => {
    if (entries.some(({ header }) => header.run === runId && header.transition && isTerminal(header.transition.to)))
      end()
  })
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS)
  raw.on('close', () => {
    clearInterval(heartbeat)
    unwatch()
    unwatchAccess()
    unsubscribe()
  })
  try {
    // It may have ended before anybody listened.
    if (wasOver || (await source.isOver())) end()
  } catch {
    // The answer has begun: the reader learns it by its end, and asks again.
    raw.destroy()
  }
}
