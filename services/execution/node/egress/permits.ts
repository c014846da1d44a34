import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isGlobalAddress, isLoopbackAddress, isMetadataAddress } from '@azora/base'
import type { EgressReason } from '@azora/contracts'
import { isGranted, type Target } from './target.ts'

/** Answers every address that a name leads to; rejects when it leads nowhere. */
export type Resolve = (host: string) => Promise<ReadonlyArray<{ address: string }>>

export const resolveBySystem: Resolve = (host) => lookup(host, { all: true, order: 'ipv4first' })

/** Answers the addresses to connect to, or why there are none. The name is resolved once, here. */
export type Permits = (target: Target) => Promise<{ addresses: string[] } | { reason: EgressReason }>

export function createPermits(hosts: readonly string[], resolve: Resolve): Permits {
  const grants = new Set(hosts)
  return async (target) => {
    const { host } = target
    if (!isGranted(grants, target)) return { reason: 'not_permitted' }
    if (isIP(host) !== 0) return isMetadataAddress(host) ? { reason: 'metadata_address' } : { addresses: [host] }
    const found = await resolve(host).catch(() => [])
    if (found.length === 0) return { reason: 'unresolvable' }
    const addresses = found.map(({ address }) => address)
    if (addresses.some(isMetadataAddress)) return { reason: 'metadata_address' }
    // One private address among public ones is how a name is rebound.
    const isFit = host === 'localhost' ? isLoopbackAddress : isGlobalAddress
    return addresses.every(isFit) ? { addresses } : { reason: 'private_address' }
  }
}
