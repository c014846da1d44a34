import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { EgressReason } from '@azora/contracts'
import type { HeldSecrets } from '../secrets/held.ts'
import { readClientHello } from './client-hello.ts'
import { dial } from './dial.ts'
import type { EgressLimits } from './limits.ts'
import type { EgressLog, Flow } from './log.ts'
import type { Permits } from './permits.ts'
import type { Target } from './target.ts'

export interface TunnelDeps {
  permits: Permits
  log: EgressLog
  limits: EgressLimits
  /** The secrets of the action: nothing that stands for one goes through in plain. */
  secrets?: HeldSecrets | undefined
  /** Keeps a connection among those that end with the proxy. */
  track: <T extends Duplex>(stream: T) => T
}

const FIRST_BYTES_MAX = 70_000
const METHOD_CHARS_MAX = 20

export function refuse(client: Duplex, reason: EgressReason): void {
  client.end(`HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nx-azora-egress: ${reason}\r\n\r\n`)
}

/** Carries bytes both ways, once the target is permitted, for a client that speaks to exactly that host. */
export async function tunnel(deps: TunnelDeps, target: Target, client: Duplex, head: Buffer): Promise<void> {
  client.on('error', () => client.destroy())
  const { permits, log, limits, track } = deps
  const found = await permits(target)
  // While the name was resolved, the sandbox may have gone, and the proxy with it.
  if (client.destroyed) return
  if ('reason' in found) {
    log.refused(target, found.reason)
    return refuse(client, found.reason)
  }
  const flow = log.permitted(target)
  client.once('close', () => flow.end())
  const onSocket = (socket: Socket): void => void client.once('close', () => track(socket).destroy())
  const upstream = await dial(found.addresses, target.port, { connectMs: limits.connectMs, onSocket })
  if (!upstream || client.destroyed) {
    flow.refuse('unreachable')
    upstream?.destroy()
    return refuse(client, 'unreachable')
  }
  join(deps, target, flow, { client, upstream, head })
}

function join(
  { log, limits }: TunnelDeps,
  target: Target,
  flow: Flow,
  { client, upstream, head }: { client: Duplex; upstream: Socket; head: Buffer },
): void {
  const end = (reason: EgressReason): void => {
    flow.refuse(reason)
    client.destroy()
    upstream.destroy()
  }
  const count = (add: (bytes: number) => void, bytes: number): void => {
    add(bytes)
    if (log.bytes() > limits.bytes) end('limit_bytes')
  }
  upstream.setTimeout(limits.idleMs, () => end('limit_time'))
  client.write('HTTP/1.1 200 Connection established\r\n\r\n')
  upstream.on('data', (chunk: Buffer) => count(flow.down, chunk.length))
  upstream.pipe(client)
  // Ended, not destroyed: a slow reader still gets what had arrived.
  upstream.once('close', () => client.end())

  let first = head
  const look = (ended = false): void => {
    const verdict = inspect(first, target, ended)
    if (verdict === 'wait') return
    client.off('data', take)
    client.off('end', finish)
    if (verdict !== 'pass') {
      end(verdict)
      return
    }
    count(flow.up, first.length)
    if (first.length > 0) upstream.write(first)
    client.on('data', (chunk: Buffer) => count(flow.up, chunk.length))
    client.pipe(upstream)
    if (ended) upstream.end()
  }
  const take = (chunk: Buffer): void => {
    first = Buffer.concat([first, chunk])
    look()
  }
  const finish = (): void => look(true)
  client.on('data', take)
  client.once('end', finish)
  if (first.length > 0) look()
}

/**
 * Judges what a client says first: TLS must ask for the very host that was permitted, or another one could be reached
 * behind its address; and requests in plain text belong to the proxy, which sees where they go.
 */
export function inspect(first: Buffer, { host, port }: Target, ended: boolean): 'wait' | 'pass' | EgressReason {
  if (first.length === 0) return ended ? 'pass' : 'wait'
  const hello = readClientHello(first)
  if (hello.kind === 'hello') {
    const isNamed = hello.name === host || (hello.name === undefined && isIP(host) !== 0)
    return isNamed ? 'pass' : 'sni_mismatch'
  }
  if (hello.kind === 'incomplete' && !ended) return first.length > FIRST_BYTES_MAX ? 'malformed' : 'wait'
  if (first[0] === 0x16) return 'malformed'
  if (port === 443) return 'not_tls'
  const start = first.toString('latin1', 0, METHOD_CHARS_MAX)
  if (/^[A-Z]{3,} /.test(start)) return 'plain_http'
  return /^[A-Z]*$/.test(start) && start.length < METHOD_CHARS_MAX && !ended ? 'wait' : 'pass'
}
