import { toAzoraError } from '@azora/base'
import type { FastifyReply } from 'fastify'
import { beginEvents } from './event-stream.ts'

/** At most so often is progress told. */
const PROGRESS_MS = 200

interface Event {
  type: string
}

/** Tells who asked for a job how it goes. */
export interface JobStream<E extends Event> {
  /** Aborts when they are gone. */
  signal: AbortSignal
  send(event: E): void
  /** The same, unless something was told a moment ago. */
  progress(event: E): void
}

/**
 * Answers with the server-sent events of a job; the client cancels it by closing the connection. As long as nothing was
 * streamed, an error is answered as a problem.
 *
 * @param what names the job in an error of ours, such as `the backtest`
 */
export async function streamJob<E extends Event>(
  reply: FastifyReply,
  what: string,
  job: (stream: JobStream<E | Failed>) => Promise<void>,
): Promise<void> {
  const { raw } = reply
  const gone = new AbortController()
  raw.on('close', () => gone.abort())
  let toldMs = 0
  const send = (event: E | Failed): void => {
    if (raw.destroyed) return
    if (!raw.headersSent) beginEvents(reply)
    raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  const progress = (event: E | Failed): void => {
    const nowMs = performance.now()
    if (nowMs - toldMs < PROGRESS_MS) return
    toldMs = nowMs
    send(event)
  }
  try {
    await job({ signal: gone.signal, send, progress })
  } catch (thrown) {
    const { code, message, advice } = toAzoraError(thrown)
    if (!raw.headersSent && !raw.destroyed) throw thrown
    send({ type: 'failed', code, message: advice === 'bug' ? `${what} failed; the log has the details` : message })
  }
  raw.end()
}

interface Failed {
  type: 'failed'
  code: string
  message: string
}
