import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { AzoraError, isGlobalAddress, isMetadataAddress } from '@azora/base'
import { hostOf, isAddress, type Resolve, resolveLocal, resolvePublic } from './resolve.ts'

/** Where messages may go. */
export interface Targets {
  /** Throws `webhook_url_refused` for an address that can't be right, before a name is resolved. */
  assertUrl(url: string): void
  /** Addresses to connect to, each of them checked. Rejects when the name has none, or one that is inside. */
  addressesOf(url: URL): Promise<string[]>
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/**
 * @param allowed hosts, or `host:port`, that may be inside of the network and be reached without TLS; only the server's owner
 *   names them. Where clouds tell a machine its own credentials nothing is sent in any case.
 */
export function createTargets(
  allowed: readonly string[],
  resolvers: { open: Resolve; known: Resolve } = { open: resolvePublic, known: resolveLocal },
): Targets {
  const isAllowed = (url: URL): boolean =>
    allowed.includes(url.hostname) ||
    allowed.includes(`${url.hostname}:${url.port || (DEFAULT_PORTS[url.protocol] ?? '')}`)

  const flawOf = (address: string, known: boolean): string | undefined => {
    if (isMetadataAddress(address)) return `${address} is where a cloud keeps credentials`
    return known || isGlobalAddress(address) ? undefined : `${address} is no public address`
  }

  return {
    assertUrl(text) {
      const url = new URL(text)
      const host = hostOf(url)
      if (url.username !== '' || url.password !== '') throw refused('an address with a password is shown to others')
      const known = isAllowed(url)
      if (url.protocol !== 'https:' && !known) throw refused(`${url.protocol}// is read by others on the way`)
      const flaw = isAddress(host) ? flawOf(host, known) : undefined
      if (flaw !== undefined) throw refused(flaw)
    },
    async addressesOf(url) {
      const host = hostOf(url)
      const known = isAllowed(url)
      const addresses = isAddress(host) ? [host] : await (known ? resolvers.known : resolvers.open)(host)
      const flaw = addresses.map((address) => flawOf(address, known)).find((one) => one !== undefined)
      if (flaw !== undefined) throw new RangeError(flaw)
      return addresses
    },
  }
}

/** Lets a socket connect to these addresses and to no other, whatever the name resolves to by then. */
export const pinnedTo = (addresses: readonly string[]): LookupFunction => {
  const found = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, options, callback) => {
    const [first] = found
    if (options.all) return callback(null, found)
    return callback(null, first?.address ?? '', first?.family)
  }
}

const refused = (why: string): AzoraError =>
  new AzoraError('fix', 'webhook_url_refused', why, {
    remedy: 'Use a public https address, or let the owner of the server name the host in AZORA_WEBHOOK_HOSTS.',
  })
