import type { ServerResponse } from 'node:http'
import { isIP, type Socket } from 'node:net'
import tls from 'node:tls'
import type { EgressReason } from '@azora/contracts'
import { dial } from './dial.ts'
import type { Target } from './target.ts'
import type { TunnelDeps } from './tunnel.ts'

/** A connection to the host whose certificate was verified; else why there is none. */
export async function connectTo(
  { limits, track }: Pick<TunnelDeps, 'limits' | 'track'>,
  { host, port }: Target,
  addresses: readonly string[],
  response: ServerResponse,
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
