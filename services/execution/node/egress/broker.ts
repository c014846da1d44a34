import http from 'node:http'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import type { EgressReason } from '@azora/contracts'
import type { HeldSecrets } from '../secrets/held.ts'
import { decodersFor, redactHeaders, sendRedacted } from './answer.ts'
import type { Authority } from './authority.ts'
import { dial } from './dial.ts'
import { deny } from './forward.ts'
import type { Flow } from './log.ts'
import { type Head, placeInBody, placeSecrets } from './placing.ts'
import { hostText, type Target } from './target.ts'
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

interface Connection {
  target: Target
  addresses: string[]
}

const BODY_BYTES_MAX = 1024 ** 2
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/

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

/** One request: judged, filled in, sent to the real host, and its answer redacted. */
async function serve(
  deps: BrokerDeps,
  { target, addresses }: Connection,
  flow: Flow,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { secrets } = deps
  const reject = (reason: EgressReason): void => {
    flow.refuse(reason)
    // What was not read of a refused request must not be taken for the next one.
    response.setHeader('connection', 'close')
    deny(response, reason)
  }
  const flaw = flawInTarget(request, target)
  if (flaw) return reject(flaw)
  const placed = placeSecrets(headOf(request), secrets.of(target), secrets.all)
  if ('reason' in placed) return reject(placed.reason)
  const body = await bodyOf(request, deps, target)
  if (body && 'reason' in body) return reject(body.reason)
  if (response.destroyed) return
  const upstream = await connectTo(deps, target, addresses, response)
  if (!(upstream instanceof tls.TLSSocket)) return reject(upstream)
  for (const held of [...placed.used, ...(body?.used ?? [])]) held.used(`${hostText(target)}:${target.port}`)
  exchange(deps, flow, { request, response, upstream, head: placed.head, body: body?.body, target, reject })
}

/** The request is for the host that the connection leads to, in the one form that means that. */
function flawInTarget(
  { method = '', url = '', rawHeaders }: http.IncomingMessage,
  target: Target,
): EgressReason | undefined {
  if (!METHODS.test(method) || !url.startsWith('/')) return 'malformed'
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host')
  const names = [`${hostText(target)}:${target.port}`, ...(target.port === 443 ? [hostText(target)] : [])]
  return hosts.length === 1 && names.includes(hosts[0]?.toLowerCase() ?? '') ? undefined : 'host_mismatch'
}

/** What concerns this connection, or would let an answer come in pieces that can't be looked into one by one. */
const DROPPED =
  /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*|expect|range|if-range|accept-encoding|host|content-length|http2-settings)$/

function headOf({ url = '', rawHeaders, headers }: http.IncomingMessage): Head {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  const kept: Head['headers'] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    if (!DROPPED.test(name) && !named.includes(name)) kept.push([name, rawHeaders[at + 1] ?? ''])
  }
  return { path: url, headers: kept }
}

/** The whole body, where a secret may stand in it; undefined where it is passed on as it comes. */
async function bodyOf(request: http.IncomingMessage, { secrets }: BrokerDeps, target: Target) {
  const mine = secrets.of(target)
  if (!mine.some(({ use }) => use.place.in === 'body')) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > BODY_BYTES_MAX) return { reason: 'limit_bytes' as const }
  }
  return placeInBody(Buffer.concat(chunks), request.headers['content-type'] ?? '', mine, secrets.all)
}

/** A connection to the host whose certificate was verified; else why there is none. */
async function connectTo(
  { limits, track }: BrokerDeps,
  { host, port }: Target,
  addresses: readonly string[],
  response: http.ServerResponse,
): Promise<tls.TLSSocket | EgressReason> {
  const onSocket = (socket: Socket): void => void response.once('close', () => track(socket).destroy())
  const socket = await dial(addresses, port, { connectMs: limits.connectMs, onSocket })
  if (!socket) return 'unreachable'
  socket.setTimeout(limits.connectMs)
  const named = isIP(host) === 0 ? { servername: host } : { host }
  const secured = tls.connect({ socket, ...named, ALPNProtocols: ['http/1.1'], rejectUnauthorized: true })
  return new Promise((resolve) => {
    secured.once('secureConnect', () => {
      socket.setTimeout(limits.idleMs)
      resolve(secured)
    })
    secured.on('error', (error: NodeJS.ErrnoException) => {
      resolve(isAboutCertificates(error) ? 'untrusted_certificate' : 'unreachable')
      secured.destroy()
    })
    socket.once('close', () => resolve('unreachable'))
  })
}

const isAboutCertificates = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  /CERT|ALTNAME|SELF_SIGNED|UNABLE_TO|ISSUER|CRL|SIGNATURE|HOSTNAME/.test(code)

interface Exchange {
  request: http.IncomingMessage
  response: http.ServerResponse
  upstream: tls.TLSSocket
  head: Head
  body: Buffer | undefined
  target: Target
  reject(reason: EgressReason): void
}

function exchange(
  { secrets, log, limits }: BrokerDeps,
  flow: Flow,
  { request, response, upstream, head, body, target, reject }: Exchange,
): void {
  const outgoing = http.request({
    createConnection: () => upstream,
    method: request.method,
    path: head.path,
    headers: headersFor(request, head, body, target),
    maxHeaderSize: limits.headerBytes,
    setHost: false,
  })
  const fail = (): void => {
    outgoing.destroy()
    if (response.headersSent) response.destroy()
    else response.writeHead(502, { connection: 'close' }).end()
  }
  const count = (add: (bytes: number) => void) => (chunk: Buffer) => {
    add(chunk.length)
    if (log.bytes() <= limits.bytes) return
    flow.refuse('limit_bytes')
    outgoing.destroy()
    response.destroy()
  }
  outgoing.once('response', (answer) => {
    const decoders = decodersFor(answer.headers['content-encoding'])
    if (!decoders) {
      outgoing.destroy()
      return reject('unreadable_answer')
    }
    try {
      response.writeHead(answer.statusCode ?? 502, redactHeaders(answer.rawHeaders, secrets.redactor).flat())
    } catch {
      // Whatever answers may say what HTTP can't.
      return fail()
    }
    sendRedacted(answer, decoders, secrets.redactor, { response, onData: count(flow.down), onFailure: fail })
  })
  outgoing.on('upgrade', (_answer, socket) => {
    socket.destroy()
    reject('upgrade')
  })
  outgoing.on('error', fail)
  upstream.on('timeout', fail)
  response.once('close', () => outgoing.destroy())
  if (body) {
    flow.up(body.length)
    outgoing.end(body)
  } else sendGuarded({ request, outgoing, secrets, target, onData: count(flow.up), reject })
}

/** Written anew, with one length only: whatever was ambiguous about the request ended here. */
function headersFor(
  request: http.IncomingMessage,
  { headers }: Head,
  body: Buffer | undefined,
  target: Target,
): string[] {
  const host = target.port === 443 ? hostText(target) : `${hostText(target)}:${target.port}`
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  const framing = body
    ? ['content-length', String(body.length)]
    : coding !== undefined
      ? ['transfer-encoding', 'chunked']
      : length !== undefined
        ? ['content-length', length]
        : []
  return ['host', host, ...headers.flat(), 'accept-encoding', 'identity', ...framing, 'connection', 'close']
}

/** Passes a body on, unless a placeholder is in it: it has no place there. */
function sendGuarded({
  request,
  outgoing,
  secrets,
  target,
  onData,
  reject,
}: {
  request: http.IncomingMessage
  outgoing: http.ClientRequest
  secrets: HeldSecrets
  target: Target
  onData: (chunk: Buffer) => void
  reject: (reason: EgressReason) => void
}): void {
  const scanner = secrets.placeholders()
  request.on('data', (chunk: Buffer) => {
    onData(chunk)
    scanner.push(chunk)
    if (scanner.hits() === 0) return
    outgoing.destroy()
    const here = secrets.of(target)
    reject(here.length === secrets.all.length ? 'placeholder_misplaced' : 'placeholder_elsewhere')
  })
  request.pipe(outgoing)
}
