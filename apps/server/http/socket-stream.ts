import { toAzoraError } from '@azora/base'
import type { WebSocket } from '@fastify/websocket'
import type { StreamReader } from './access.ts'
import { BEHIND_BYTES_MAX, followRun, type RunSource } from './follow-run.ts'

/** A connection whose other end hasn't answered a ping by the next one is closed. */
const PING_MS = 15_000
/** Codes of closing (RFC 6455, section 7.4.1, and the IANA registry of them). */
const CLOSE = { done: 1000, unsupported: 1003, refused: 1008, behind: 1013 } as const

export interface SocketRequest {
  runId: string
  /** Index of the last entry that was seen. */
  after: number
  reader: StreamReader
  /** Throws when the reader may not see the run. */
  admit(): Promise<unknown>
}

/**
 * Streams a run's entries over a WebSocket (RFC 6455), each as one text of JSON, from after the given index until the run
 * has ended. Nothing is taken from the other side.
 */
export async function streamRunToSocket(
  journal: RunSource,
  { runId, after, reader, admit }: SocketRequest,
  socket: WebSocket,
): Promise<void> {
  const gone = new AbortController()
  const stopPings = keepAlive(socket)
  socket.on('error', () => socket.terminate())
  socket.on('message', () => socket.close(CLOSE.unsupported, 'nothing is read here'))
  socket.on('close', () => {
    stopPings()
    gone.abort()
  })
  try {
    await admit()
    await followRun(
      journal,
      { runId, after, reader },
      {
        entry(record) {
          socket.send(JSON.stringify(record))
          if (socket.bufferedAmount > BEHIND_BYTES_MAX) socket.close(CLOSE.behind, 'too far behind')
        },
        ended: () => socket.close(CLOSE.done, 'the run has ended'),
        accessEnded: () => socket.close(CLOSE.refused, 'access has ended'),
      },
      gone.signal,
    )
  } catch (thrown) {
    socket.close(CLOSE.refused, toAzoraError(thrown).code)
  }
}

function keepAlive(socket: WebSocket): () => void {
  let answered = true
  socket.on('pong', () => {
    answered = true
  })
  const timer = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
  }, PING_MS)
  return () => clearInterval(timer)
}
