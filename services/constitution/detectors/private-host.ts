import { BlockList, isIP } from 'node:net'
import type { VerificationRequest } from '@azora/contracts'
import { type Detector, factAbout } from './detector.ts'

// IANA's special-purpose address registries: this host, private, shared, loopback, link-local (with the metadata
// services of clouds), benchmarking, unique local, and IPv4 behind NAT64.
const PRIVATE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4')
}
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv6')
}

const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$|^(localhost|ip6-localhost|ip6-loopback)$/

/** Also true for the odd spellings of an address that HTTP clients understand, such as `2130706433` and `0x7f.1`. */
function isPrivate(host: string): boolean {
  const url = URL.parse(`http://${host}/`)
  if (!url) return false
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const version = isIP(name)
  return version === 0 ? PRIVATE_NAME.test(name) : PRIVATE.check(name, version === 4 ? 'ipv4' : 'ipv6')
}

/** Addresses that trust whoever can reach them, unless the scope names them exactly. */
export const privateHost: Detector<VerificationRequest> = {
  name: 'private-host',
  find({ action, scope }) {
    const named = action.resources.hosts.filter((host) => !scope.hosts.includes(host) && isPrivate(host))
    return factAbout(named, {
      rule: 'private_host',
      article: '6',
      severity: 'CRITICAL',
      message: 'It would reach this machine, a private network or a metadata service.',
      remedy: 'Name the exact host and port in the scope if the run is meant to reach it.',
    })
  },
}
