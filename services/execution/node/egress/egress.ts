import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { EgressRecord } from '@azora/contracts'
import type { HeldSecrets } from '../secrets/held.ts'
import type { Authority } from './authority.ts'
import { type Broker, createBroker } from './broker.ts'
import { deny, forward } from './forward.ts'
import { type EgressLimits, LIMITS } from './limits.ts'
import { createEgressLog } from './log.ts'
import { createPermits, type Resolve, resolveBySystem } from './permits.ts'
import { targetOfAuthority } from './target.ts'
import { type Trust, writeTrust } from './trust.ts'
import { refuse, type TunnelDeps, tunnel } from './tunnel.ts'

/** The only way out of a sandbox: an HTTP proxy (RFC 9110, sections 7.3 and 9.3.6) that reaches permitted hosts only. */
export interface Egress {
  /** Unix socket on which it listens. */
  socket: string
  /** What the sandbox needs to trust the proxy in the place of hosts that get secrets. */
  trust?: Trust
  /** Ends every connection, also those that are being made; answers what there was. */
  close(): Promise<EgressRecord[]>
}

export interface EgressSpec {
  /** `host` (ports 80 and 443) or `host:port` */
  hosts: readonly string[]
  /** Holds the socket; no proof can show it to a sandbox that the socket isn't for. */
  dataDir: string
  resolve?: Resolve
  limits?: Partial<EgressLimits>
  /** What the action has on lease. */
  secrets?: HeldSecrets | undefined
}

export async function openEgress({
  hosts,
  dataDir,
  resolve = resolveBySystem,
  secrets,
  ...spec
}: EgressSpec): Promise<Egress> {
  const limits = { ...LIMITS, ...spec.limits }
  // Short, as the path of a Unix socket holds 107 bytes.
  const folder = await mkdtemp(join(dataDir, 'e-'))
  const socket = join(folder, 's')
  const open = new Set<Duplex>()
  let closed = false
  const deps: TunnelDeps = {
    permits: createPermits(hosts, resolve),
    log: createEgressLog(),
    limits,
    secrets,
    track(stream) {
      open.add(stream)
      stream.once('close', () => open.delete(stream))
      if (closed) stream.destroy()
      return stream
    },
  }
  const isBroker = secrets?.all.some(({ use }) => use.mode === 'brokered')
  const authority = isBroker ? await newAuthority() : undefined
  const server = createProxy(deps, secrets && authority ? createBroker({ ...deps, secrets, authority }) : undefined)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve))
  return {
    socket,
    ...(authority && { trust: await writeTrust(folder, authority.certificate) }),
    async close() {
      closed = true
      const rows = deps.log.rows()
      for (const stream of open) stream.destroy()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
      return rows
    },
  }
}

/** Certificates take a hundred and fifty modules, which wait for the first action that needs one. */
const newAuthority = async (): Promise<Authority> => (await import('./authority.ts')).createAuthority()

function createProxy(deps: TunnelDeps, broker: Broker | undefined): http.Server {
  const { log, limits, track } = deps
  const isSpent = (): boolean => log.requests() >= limits.requests
  const server = http.createServer({ maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersMs })
  server.maxConnections = limits.connections
  server.timeout = limits.idleMs
  server.on('connection', track)
  server.on('request', (request, response) => {
    if (isSpent()) {
      log.refused(undefined, 'limit_requests')
      return deny(response, 'limit_requests')
    }
    forward(deps, request, response).catch(() => response.destroy())
  })
  server.on('connect', (request, client, head) => {
    const target = targetOfAuthority(request.url ?? '')
    if (target && !isSpent()) {
      const carried = broker?.serves(target) ? broker.accept(target, client, head) : tunnel(deps, target, client, head)
      carried.catch(() => client.destroy())
    } else {
      const reason = target ? 'limit_requests' : 'malformed'
      log.refused(target, reason)
      client.on('error', () => client.destroy())
      refuse(client, reason)
    }
  })
  server.on('clientError', (_error, client) => {
    log.refused(undefined, 'malformed')
    client.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })
  return server
}
