import { once } from 'node:events'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { App } from '../http/app.ts'
import { HTTP2_OPTIONS, tendConnections } from '../http/http2.ts'

/** Where programs connect by HTTP/2 without TLS, which in Node can't share a port with HTTP/1.1. */
export interface GrpcPort {
  /** Rejects with what hinders it. */
  listen(address: { host: string; port: number }): Promise<void>
  /** Such as `127.0.0.1:7421`; undefined while it doesn't listen. */
  address(): string | undefined
}

/** Serves the application by HTTP/2 without TLS, to clients with prior knowledge of it (RFC 9113, section 3.3). */
export function createGrpcPort(app: App): GrpcPort {
  const server = http2.createServer(HTTP2_OPTIONS)
  const closeConnections = tendConnections(server)
  app.addHook('preClose', async () => {
    server.close()
    closeConnections()
  })
  server.on('request', (request, response) => app.server.emit('request', request, response))
  return {
    async listen(address) {
      server.listen(address)
      await once(server, 'listening')
    },
    address() {
      const bound = server.address() as AddressInfo | null
      if (!bound) return undefined
      return `${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
    },
  }
}
