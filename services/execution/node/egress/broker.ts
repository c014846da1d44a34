import http from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { EgressReason } from '@azora/contracts'
import type { HeldSecrets } from '../secrets/held.ts'
import type { Authority } from './authority.ts'
import { type Connection, serve } from './brokered.ts'
import { deny } from './forward.ts'
import type { Target } from './target.ts'
import { refuse, type TunnelDeps } from './tunnel.ts'

export interface BrokerDeps extends TunnelDeps {
  secrets: HeldSecrets
  authority: Authority
}

/** Ends the TLS of connections to hosts that get secrets, and puts the values into their requests. */
export interface Broker {
  serves(target: Target): boolean
  accept(target: Target, client: Duplex, head: Buffer): Promise<void>
}

export function createBroker(deps: BrokerDeps): Broker {
  const { secrets, authority, permits, log, limits, track } = deps
  const connections = new WeakMap<Duplex, Connection>()
  const server = http.createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requireHostHeader: true,
    insecureHTTPParser: false,
  })
  server.timeout = limits.idleMs
  server.on('request', (request, response) => {
    const connection = connections.get(request.socket)
    if (!connection || log.requests() >= limits.requests) return deny(response, 'limit_requests')
    const flow = log.permitted(connection.target)
    response.once('close', () => flow.end())
    serve(deps, connection, flow, request, response).catch(() => response.destroy())
  })
  const refuseSocket = (reason: EgressReason) => (request: http.IncomingMessage, socket: Duplex) => {
    log.refused(connections.get(request.socket)?.target, reason)
    refuse(socket, reason)
  }
  // What a protocol other than HTTP/1.1 carries can't be looked into.
  server.on('upgrade', refuseSocket('upgrade'))
  server.on('connect', refuseSocket('upgrade'))
  server.on('clientError', (_error, socket) => {
    log.refused(connections.get(socket)?.target, 'malformed')
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })

  return {
    serves: (target) => secrets.of(target).some(({ use }) => use.mode === 'brokered'),
    async accept(target, client, head) {
      client.on('error', () => client.destroy())
      const found = await permits(target)
      if (client.destroyed) return
      if ('reason' in found) {
        log.refused(target, found.reason)
        return refuse(client, found.reason)
      }
      const secureContext = await authority.contextFor(target.host)
      if (client.destroyed) return
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) client.unshift(head)
      const secured = new tls.TLSSocket(client as Socket, {
        isServer: true,
        secureContext,
        ALPNProtocols: ['http/1.1'],
        SNICallback(name, done) {
          if (name.toLowerCase() === target.host) return done(null, secureContext)
          flaw = 'sni_mismatch'
          done(new TypeError('another host'))
        },
      })
      let shaken = false
      let flaw: EgressReason = 'tls_failed'
      secured.once('secure', () => {
        shaken = true
        server.emit('connection', secured)
      })
      secured.on('error', () => secured.destroy())
      secured.once('close', () => {
        if (!shaken) log.refused(target, flaw)
        client.destroy()
      })
      track(secured)
      connections.set(secured, { target, addresses: found.addresses })
    },
  }
}
