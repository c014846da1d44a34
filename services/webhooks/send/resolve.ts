import { lookup, Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'

/** The addresses of a name; rejects when there are none. */
export type Resolve = (host: string) => Promise<string[]>

const TIMEOUT_MS = 3_000
const TRIES = 2
const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })

/**
 * Asks DNS, by a resolver that waits in no thread: a name server of somebody who wants to be slow holds up nobody else, as
 * getaddrinfo(3) would.
 */
export const resolvePublic: Resolve = async (host) => {
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  if (addresses.length > 0) return addresses
  throw found.find((one) => one.status === 'rejected')?.reason ?? new RangeError(`${host} has no address`)
}

/** As this machine resolves names, with its own list of hosts: for names that the server's owner knows. */
export const resolveLocal: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/** The host of a URL, without the brackets of an IPv6 address. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '')

export const isAddress = (host: string): boolean => isIP(host) !== 0
