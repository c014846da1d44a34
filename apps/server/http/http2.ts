import type http2 from 'node:http2'
import type { Socket } from 'node:net'

/** What one connection may have at a time; the rest waits on the client's side. */
const STREAMS_MAX = 100
const HEADER_BYTES_MAX = 16 * 1024
/** A connection whose other end hasn't answered a ping by the next one is closed. */
const PING_MS = 30_000

/** Settings of servers for HTTP/2 (RFC 9113, section 6.5.2). */
export const HTTP2_OPTIONS = {
  settings: { maxConcurrentStreams: STREAMS_MAX, maxHeaderListSize: HEADER_BYTES_MAX },
} as const satisfies http2.ServerOptions

/** Closes a server's connections over which nothing comes any more. The function that is returned closes all of them. */
export function tendConnections(server: http2.Http2Server | http2.Http2SecureServer): () => void {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('session', (session: http2.ServerHttp2Session) => {
    let answered = true
    const timer = setInterval(() => {
      if (!answered) return session.destroy()
      answered = false
      session.ping((problem) => {
        answered = problem === null
      })
    }, PING_MS)
    session.once('close', () => clearInterval(timer))
  })
  return () => {
    for (const socket of sockets) socket.destroy()
  }
}
