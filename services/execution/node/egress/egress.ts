import { lookup } from 'node:dns/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { isPrivateAddress } from '@azora/base'

/** The only way out of a sandbox: an HTTP proxy (RFC 9110, sections 7.3 and 9.3.6) that reaches permitted hosts only. */
export interface Egress {
  /** Unix socket on which it listens. */
  socket: string
  /** Ends every connection, also those that are being made. */
  close(): Promise<void>
}

const CONNECTIONS_MAX = 32
const IDLE_MS_MAX = 30_000
const CONNECT_MS_MAX = 10_000

/** Answers where a name leads; rejects when it leads nowhere. */
export type Resolve = (host: string) => Promise<{ address: string; family: number }>

/**
 * @param hosts `host` (ports 80 and 443) or `host:port`
 * @param dataDir holds the socket; no proof can show it to a sandbox that the socket isn't for
 */
export async function openEgress(
  hosts: readonly string[],
  dataDir: string,
  resolve: Resolve = (host) => lookup(host),
): Promise<Egress> {
  const permits = createPermits(hosts, resolve)
  // Short, as the path of a Unix socket holds 107 bytes.
  const folder = await mkdtemp(join(dataDir, 'e-'))
  const socket = join(folder, 's')
  const open = new Set<Duplex>()
  const track = <T extends Duplex>(stream: T): T => {
    open.add(stream)
    stream.once('close', () => open.delete(stream))
    return stream
  }
  const server = http.createServer((request, response) => {
    forward(permits, request, response).catch(() => response.destroy())
  })
  server.maxConnections = CONNECTIONS_MAX
  server.timeout = IDLE_MS_MAX
  server.on('connection', track)
  server.on('connect', (request, client, head) => {
    tunnel(permits, request.url ?? '', client, head, track).catch(() => client.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve))
  return {
    socket,
    async close() {
      for (const stream of open) stream.destroy()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Target {
  host: string
  port: number
}

type Permits = (target: Target) => Promise<string | undefined>

/** Answers the address to connect to; undefined when the target isn't permitted. The name is resolved once, here. */
function createPermits(hosts: readonly string[], resolve: Resolve): Permits {
  const named = new Set(hosts)
  return async ({ host, port }) => {
    const bracketed = net.isIPv6(host) ? `[${host}]` : host
    const listed = named.has(`${bracketed}:${port}`) || ((port === 80 || port === 443) && named.has(bracketed))
    if (!listed) return undefined
    if (net.isIP(host) !== 0) return host
    const found = await resolve(host).catch(() => undefined)
    if (!found) return undefined
    return host !== 'localhost' && isPrivateAddress(found.address) ? undefined : found.address
  }
}

function targetOf(url: URL): Target {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return { host, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
}

async function tunnel(
  permits: Permits,
  authority: string,
  client: Duplex,
  head: Buffer,
  track: (stream: net.Socket) => net.Socket,
): Promise<void> {
  client.on('error', () => client.destroy())
  const url = URL.canParse(`https://${authority}`) ? new URL(`https://${authority}`) : undefined
  const target = url && targetOf(url)
  const address = target && (await permits(target))
  // While the name was resolved, the sandbox may have gone, and the proxy with it.
  if (client.destroyed) return
  if (!target || !address) {
    client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nx-azora-egress: denied\r\n\r\n')
    return
  }
  const upstream = track(net.connect({ host: address, port: target.port, timeout: CONNECT_MS_MAX }))
  upstream.once('connect', () => {
    upstream.setTimeout(IDLE_MS_MAX)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) upstream.write(head)
    upstream.pipe(client).pipe(upstream)
  })
  upstream.on('timeout', () => upstream.destroy())
  upstream.on('error', () => undefined)
  // Ended, not destroyed: a slow reader still gets what had arrived.
  upstream.once('close', () => client.end())
  client.once('close', () => upstream.destroy())
}

/** Headers that concern one connection, not the message (RFC 9110, section 7.6.1). */
const HOP_HEADERS = [
  'connection',
  'keep-alive',
  'upgrade',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
]

const endToEnd = (headers: http.IncomingHttpHeaders): http.IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name)))

async function forward(permits: Permits, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined
  const target = url?.protocol === 'http:' ? targetOf(url) : undefined
  const address = target && (await permits(target))
  if (response.destroyed) return
  if (!url || !target || !address) {
    response.writeHead(403, { 'x-azora-egress': 'denied' }).end()
    return
  }
  const upstream = http.request({
    agent: false,
    host: address,
    port: target.port,
    method: request.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...endToEnd(request.headers), host: url.host },
    timeout: IDLE_MS_MAX,
  })
  const fail = (): void => {
    upstream.destroy()
    if (response.headersSent) response.destroy()
    else response.writeHead(502).end()
  }
  upstream.once('response', (answer) => {
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
  request.pipe(upstream)
}
