import type http from 'node:http'
import tls from 'node:tls'
import type { EgressReason } from '@azora/contracts'
import { type ExchangeDeps, exchange } from './exchange.ts'
import { deny } from './forward.ts'
import type { Flow } from './log.ts'
import { type Head, placeInBody, placeSecrets } from './placing.ts'
import { hostText, type Target } from './target.ts'
import type { TunnelDeps } from './tunnel.ts'
import { connectTo } from './upstream.ts'

interface ServeDeps extends ExchangeDeps, Pick<TunnelDeps, 'track'> {}

export interface Connection {
  target: Target
  addresses: string[]
}

const BODY_BYTES_MAX = 1024 ** 2
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/

/** One request: judged, filled in, sent to the real host, and its answer redacted. */
export async function serve(
  deps: ServeDeps,
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
async function bodyOf(request: http.IncomingMessage, { secrets }: ServeDeps, target: Target) {
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
