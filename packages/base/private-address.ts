import { BlockList, isIP } from 'node:net'

/**
 * Addresses that belong to the machine itself or to its neighbours, by IANA's special-purpose registries (RFC 6890):
 * this host, private, shared, loopback, link-local with the metadata services of clouds, benchmarking, multicast.
 */
const PRIVATE = new BlockList()
for (const [network, prefix] of [
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
  PRIVATE.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  // Tunnels, which carry an IPv4 address inside (RFC 3056, RFC 4380).
  ['2002::', 16],
  ['2001::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6')
}

/** @param address IPv4 or IPv6, without brackets; an IPv4 address mapped into IPv6 counts as what it is */
export const isPrivateAddress = (address: string): boolean =>
  PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const listOf = (...networks: ReadonlyArray<readonly [string, number]>): BlockList => {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, familyOf(network))
  return list
}
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** Not globally reachable, by the same registries, beside the private ones: documentation and retired anycast. */
const RESERVED = listOf(['192.0.2.0', 24], ['192.88.99.0', 24], ['198.51.100.0', 24], ['203.0.113.0', 24])

/** What IANA has given out of IPv6, less what in it is for protocols, documentation and tunnels. */
const GLOBAL_IPV6 = listOf(['2000::', 3])
const RESERVED_IPV6 = listOf(['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20])

/** True for an address of the public Internet that means nothing special. */
export function isGlobalAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  if (isIP(address) === 4) return !PRIVATE.check(address, 'ipv4') && !RESERVED.check(address, 'ipv4')
  return GLOBAL_IPV6.check(address, 'ipv6') && !RESERVED_IPV6.check(address, 'ipv6')
}

const LOOPBACK = listOf(['127.0.0.0', 8], ['::1', 128])

export const isLoopbackAddress = (address: string): boolean =>
  isIP(address) !== 0 && LOOPBACK.check(address, familyOf(address))

/**
 * Where clouds tell a machine its own credentials: link-local, Azure, Alibaba, Oracle and Amazon over IPv6, and the same
 * behind NAT64 (RFC 6052).
 */
const METADATA = listOf(
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
  ['192.0.0.192', 32],
  ['fd00:ec2::', 32],
  ['fe80::', 10],
  ['64:ff9b::a9fe:0', 112],
  ['64:ff9b::a83f:8110', 128],
  ['64:ff9b::6464:64c8', 128],
  ['64:ff9b:1::', 48],
)

export const isMetadataAddress = (address: string): boolean =>
  isIP(address) !== 0 && METADATA.check(address, familyOf(address))
