import { lookup } from 'node:dns/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import net, { BlockList } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

/** The only way out of a sandbox: an HTTP proxy (RFC 9110, sections 7.3 and 9.3.6) that reaches permitted hosts only. */
export interface Egress {
  /** Unix socket on which it listens. */
  socket: string
  close(): Promise<void>
}

const CONNECTIONS_MAX = 32
const IDLE_MS_MAX = 30_000
const CONNECT_MS_MAX = 10_000

/** @param hosts `host` (ports 80 and 443) or `host:port` */
export async function openEgress(hosts: readonly string[]): Promise<Egress> {
  const folder = await mkdtemp(join(tmpdir(), 'azora-egress-'))
  const socket = join(folder, 'proxy.sock')
  const permits = createPermits(hosts)
  const open = new Set<Duplex>()
  const server = http.createServer((request, response) => void forward(permits, request, response))
  server.maxConnections = CONNECTIONS_MAX
  server.timeout = IDLE_MS_MAX
  server.on('connection', (client: net.Socket) => {
    open.add(client)
    client.once('close', () => open.delete(client))
  })
  server.on('connect', (request, client) => void tunnel(permits, request.url ?? '', client, open))
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

/** Addresses that no name may lead to: they are the machine's own or its neighbours' (RFC 6890). */
const PRIVATE = new BlockList()
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(address, prefix, 'ipv4')
}
for (const [address, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(address, prefix, 'ipv6')
}

const isPrivate = (address: string, family: number): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return mapped ? PRIVATE.check(mapped, 'ipv4') : PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

/** Answers the address to connect to; undefined when the target isn't permitted. The name is resolved once, here. */
function createPermits(hosts: readonly string[]): Permits {
  const named = new Set(hosts)
  return async ({ host, port }) => {
    const bracketed = net.isIPv6(host) ? `[${host}]` : host
    const listed = named.has(`${bracketed}:${port}`) || ((port === 80 || port === 443) && named.has(bracketed))
    if (!listed) return undefined
    if (net.isIP(host) !== 0) return host
    const found = await lookup(host).catch(() => undefined)
    if (!found) return undefined
    return host !== 'localhost' && isPrivate(found.address, found.family) ? undefined : found.address
  }
}

function targetOf(url: URL): Target {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return { host, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
}

async function tunnel(permits: Permits, authority: string, client: Duplex, open: Set<Duplex>): Promise<void> {
  client.on('error', () => client.destroy())
  const url = URL.canParse(`https://${authority}`) ? new URL(`https://${authority}`) : undefined
  const target = url && targetOf(url)
  const address = target && (await permits(target))
  if (!target || !address) {
    client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nx-azora-egress: denied\r\n\r\n')
    return
  }
  const upstream = net.connect({ host: address, port: target.port, timeout: CONNECT_MS_MAX })
  open.add(upstream)
  upstream.once('connect', () => {
    upstream.setTimeout(IDLE_MS_MAX)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    upstream.pipe(client).pipe(upstream)
  })
  upstream.on('timeout', () => upstream.destroy())
  upstream.on('error', () => client.end())
  upstream.once('close', () => {
    open.delete(upstream)
    client.destroy()
  })
  client.once('close', () => upstream.destroy())
}

async function forward(permits: Permits, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined
  const target = url?.protocol === 'http:' ? targetOf(url) : undefined
  const address = target && (await permits(target))
  if (!url || !target || !address) {
    response.writeHead(403, { 'x-azora-egress': 'denied' }).end()
    return
  }
  const { 'proxy-connection': _hop, 'proxy-authorization': _secret, ...headers } = request.headers
  const upstream = http.request(
    {
      host: address,
      port: target.port,
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...headers, host: url.host },
      timeout: IDLE_MS_MAX,
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    },
  )
  upstream.on('timeout', () => upstream.destroy())
  upstream.on('error', () => {
    if (response.headersSent) response.destroy()
    else response.writeHead(502).end()
  })
  request.pipe(upstream)
}
