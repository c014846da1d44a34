import type { FastifyReply } from 'fastify'
import type { StreamReader } from './access.ts'
import { BEHIND_BYTES_MAX, followRun, type RunSource } from './follow-run.ts'

const HEARTBEAT_MS = 15_000

/** Answers with server-sent events (WHATWG HTML, section 9.2); from here on the caller writes them. */
export function beginEvents(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}

/** Streams a run's entries as server-sent events, from after the given index until the run has ended. */
export async function streamRun(
  journal: RunSource,
  runId: string,
  after: number,
  reader: StreamReader,
  reply: FastifyReply,
): Promise<void> {
  const { raw } = reply
  beginEvents(reply)
  if (raw.destroyed) return
  raw.flushHeaders()
  const gone = new AbortController()
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS)
  raw.on('close', () => {
    clearInterval(heartbeat)
    gone.abort()
  })
  await followRun(
    journal,
    { runId, after, reader },
    {
      entry(record) {
        const { index, kind } = record.header
        raw.write(`id: ${index}\nevent: ${kind}\ndata: ${JSON.stringify(record)}\n\n`)
        if (raw.writableLength > BEHIND_BYTES_MAX) raw.destroy()
      },
      ended: () => raw.end(),
      accessEnded: () => raw.destroy(),
    },
    gone.signal,
  )
}
