import { once } from 'node:events'
import type http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Authority, createAuthority } from '../node/egress/authority.ts'

/** A real HTTPS server on `localhost`, with an authority of its own. */
export interface TlsServer {
  port: number
  authority: Authority
  /** Requests that arrived, as they were. */
  seen: http.IncomingMessage[]
  close(): void
}

export async function startTlsServer(listener: http.RequestListener, name = 'localhost'): Promise<TlsServer> {
  const authority = await createAuthority()
  const context = await authority.contextFor(name)
  const seen: http.IncomingMessage[] = []
  const server = https.createServer({ SNICallback: (_name, done) => done(null, context) }, (request, response) => {
    seen.push(request)
    listener(request, response)
  })
  server.on('upgrade', (request, socket) => {
    seen.push(request)
    socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    authority,
    seen,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
