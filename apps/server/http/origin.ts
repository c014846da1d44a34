import type { AddressInfo } from 'node:net'
import { isLoopbackAddress } from '@azora/base'
import type { App } from './app.ts'

/** True for an address that only programs of this machine reach. */
export const isThisMachine = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host)

/** Where the server listens, as a URL without a path that this machine reaches it by. */
export function originOf(app: App | undefined): string {
  const { address, family, port } = (app?.server.address() as AddressInfo | null | undefined) ?? NOWHERE
  const host = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address
  return `http://${family === 'IPv6' && host.includes(':') ? `[${host}]` : host}:${port}`
}

const NOWHERE: AddressInfo = { address: '127.0.0.1', family: 'IPv4', port: 0 }
