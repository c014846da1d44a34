import http from 'node:http'
import type { EgressReason } from '@azora/contracts'
import type { Flow } from './log.ts'
import { flawIn } from './placing.ts'
import { type Target, targetOf } from './target.ts'
import type { TunnelDeps } from './tunnel.ts'

/** Headers that concern one connection, not the message (RFC 9110, section 7.6.1). */
const HOP_HEADERS = [
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
]

/** Also without what the message itself says is for one connection only. */
function endToEnd(headers: http.IncomingHttpHeaders): http.IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name) && !named.includes(name)),
  )
}

export function deny(response: http.ServerResponse, reason: EgressReason): void {
  if (response.headersSent) response.destroy()
  else response.writeHead(403, { 'x-azora-egress': reason }).end()
}

/** A plain request to a URL (RFC 9110, section 7.3). It is written anew, so it has one beginning and one end only. */
export async function forward(
  deps: TunnelDeps,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { permits, log, secrets } = deps
  const url = URL.parse(request.url ?? '')
  const target = url?.protocol === 'http:' ? targetOf(url) : undefined
  const found = target ? await permits(target) : { reason: 'malformed' as const }
  if (response.destroyed) return
  if (!url || !target || 'reason' in found) {
    const reason = 'reason' in found ? found.reason : 'malformed'
    log.refused(target, reason)
    return deny(response, reason)
  }
  const flow = log.permitted(target)
  response.once('close', () => flow.end())
  const flaw = secrets && flawIn([request.url ?? '', ...request.rawHeaders], [], secrets.all)
  if (flaw) {
    flow.refuse(flaw)
    return deny(response, flaw)
  }
  carry(deps, flow, { url, target, address: found.addresses[0] }, request, response)
}

function carry(
  { log, limits, secrets }: TunnelDeps,
  flow: Flow,
  { url, target, address }: { url: URL; target: Target; address: string | undefined },
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const upstream = http.request({
    agent: false,
    host: address,
    port: target.port,
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...endToEnd(request.headers), host: url.host },
    timeout: limits.idleMs,
    maxHeaderSize: limits.headerBytes,
  })
  const fail = (): void => {
    upstream.destroy()
    if (response.headersSent) response.destroy()
    else response.writeHead(502).end()
  }
  const count = (add: (bytes: number) => void) => (chunk: Buffer) => {
    add(chunk.length)
    if (log.bytes() <= limits.bytes) return
    flow.refuse('limit_bytes')
    upstream.destroy()
    response.destroy()
  }
  upstream.once('response', (answer) => {
    answer.on('data', count(flow.down))
    try {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
      answer.on('error', fail).pipe(response)
    } catch {
      // Whatever answers may say what HTTP can't.
      fail()
    }
  })
  upstream.on('timeout', () => upstream.destroy())
  upstream.on('error', fail)
  response.once('close', () => upstream.destroy())
  const placeholders = secrets?.placeholders()
  request.on('data', (chunk: Buffer) => {
    count(flow.up)(chunk)
    placeholders?.push(chunk)
    if (!placeholders?.hits()) return
    flow.refuse('placeholder_elsewhere')
    upstream.destroy()
    deny(response, 'placeholder_elsewhere')
  })
  request.pipe(upstream)
}
