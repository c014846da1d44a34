import { once } from 'node:events'
import type http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { createAuthority } from './certificates.ts'

/** A real HTTPS server on `localhost`, with an authority of its own. */
export interface TlsServer {
  /** `localhost:PORT` */
  host: string
  port: number
  /** Certificate of its authority, in PEM. */
  authority: string
  /** Requests that arrived, as they were. */
  seen: http.IncomingMessage[]
  close(): void
}

/** @param name the host that its certificate is for */
export async function startTlsServer(listener: http.RequestListener, name = 'localhost'): Promise<TlsServer> {
  const authority = await createAuthority()
  const { key, cert } = await authority.issue({ type: 'dns', value: name })
  const seen: http.IncomingMessage[] = []
  const server = https.createServer({ key, cert }, (request, response) => {
    seen.push(request)
    listener(request, response)
  })
  server.on('upgrade', (request, socket) => {
    seen.push(request)
    socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    host: `localhost:${port}`,
    port,
    authority: authority.pem,
    seen,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
