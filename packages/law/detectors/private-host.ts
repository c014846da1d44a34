import { isIP } from 'node:net'
import { isPrivateAddress } from '@azora/base'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

const PRIVATE_NAME = /(^|\.)(localhost|local|internal|home\.arpa)$|^(localhost|ip6-localhost|ip6-loopback)$/

/** Also true for the odd spellings of an address that HTTP clients understand, such as `2130706433` and `0x7f.1`. */
function isPrivate(host: string): boolean {
  const url = URL.parse(`http://${host}/`)
  if (!url) return false
  const name = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return isIP(name) === 0 ? PRIVATE_NAME.test(name) : isPrivateAddress(name)
}

/** Addresses that trust whoever can reach them, unless the scope names them exactly. */
export const privateHost: Detector<ActionSubject> = {
  name: 'private-host',
  rules: ['private_host'],
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
