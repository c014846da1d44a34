import http from 'node:http'
import type tls from 'node:tls'
import type { EgressReason } from '@azora/contracts'
import type { HeldSecrets } from '../secrets/held.ts'
import { decodersFor, redactHeaders, sendRedacted } from './answer.ts'
import type { Flow } from './log.ts'
import type { Head } from './placing.ts'
import { hostText, type Target } from './target.ts'
import type { TunnelDeps } from './tunnel.ts'

export interface ExchangeDeps extends Pick<TunnelDeps, 'log' | 'limits'> {
  secrets: HeldSecrets
}

interface Exchange {
  request: http.IncomingMessage
  response: http.ServerResponse
  upstream: tls.TLSSocket
  head: Head
  body: Buffer | undefined
  target: Target
  reject(reason: EgressReason): void
}

/** Sends a request on, and its answer back without what must not be in it. */
export function exchange(
  { secrets, log, limits }: ExchangeDeps,
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
