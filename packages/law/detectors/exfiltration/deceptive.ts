import { isIP } from 'node:net'
import { domainToUnicode } from 'node:url'
import { isPrivateAddress } from '@azora/base'
import ipaddr from 'ipaddr.js'
import { getDomain, getDomainWithoutSuffix, getPublicSuffix, parse } from 'tldts'
import { foldLookAlikes } from '../../facts/look-alikes.ts'
import type { Target } from './targets.ts'

/** Why an address leads elsewhere than a reader would think; undefined for a plain one. */
export function deceptionOf(target: Target, granted: readonly string[]): string | undefined {
  return (
    spellingTrick(target) ??
    userinfoTrick(target, granted) ??
    (isIP(target.host) ? undefined : imitation(target.host, granted))
  )
}

const DOTTED = /^\d{1,3}(?:\.\d{1,3}){3}$/
/** Browsers take a backslash for a slash, other clients for a part of the host. */
const BACKSLASHED = /^(?:https?|wss?):[\\/]{2}[^/?#]*\\/i
const LEADING_ZERO = /(?:^|\.)0\d/

function spellingTrick({ raw, rawHost, host }: Target): string | undefined {
  if (isIP(host) === 4 && (!DOTTED.test(rawHost) || LEADING_ZERO.test(rawHost))) return 'an IP address in disguise'
  if (isIP(host) === 6 && carriesPrivateAddress(host)) return 'a private address inside an IPv6 address'
  if (/%[0-9a-f]{2}/i.test(rawHost)) return 'a percent-encoded host'
  return BACKSLASHED.test(raw) ? 'a backslash in the address' : undefined
}

function carriesPrivateAddress(host: string): boolean {
  const address = ipaddr.parse(host)
  return (
    address instanceof ipaddr.IPv6 &&
    address.isIPv4MappedAddress() &&
    isPrivateAddress(address.toIPv4Address().toString())
  )
}

const WEB_SCHEME = /^(?:https?|wss?|ftp)$/

/** RFC 3986, section 7.6: what stands before the `@` is a user name, however much it looks like a host. */
function userinfoTrick({ scheme, user, host }: Target, granted: readonly string[]): string | undefined {
  if (user === '' || !WEB_SCHEME.test(scheme)) return undefined
  let name = user.split(':', 1)[0] ?? ''
  try {
    name = decodeURIComponent(name)
  } catch {
    // Taken as it is written.
  }
  name = name.replace(/^https?[:/\\]+/i, '').toLowerCase()
  if (name === host) return undefined
  const looksLikeHost = granted.includes(name) || (name.includes('.') && parse(name).isIcann === true)
  return looksLikeHost ? 'a user name that looks like a host' : undefined
}

const nameOf = (host: string): string => host.replace(/:\d+$/, '')

function imitation(host: string, granted: readonly string[]): string | undefined {
  if (!host.includes('.')) return undefined
  const names = granted.map(nameOf).filter((name) => name.includes('.') && isIP(name.replace(/^\[|\]$/g, '')) === 0)
  const domain = getDomain(host) ?? host
  const original = names.find((name) => imitates(host, domain, name))
  if (original !== undefined) return `it imitates ${original}`
  return host.includes('xn--') && mixesScripts(domainToUnicode(host))
    ? 'letters of several scripts in one name'
    : undefined
}

function imitates(host: string, domain: string, name: string): boolean {
  if (host === name || host.endsWith(`.${name}`)) return false
  const original = getDomain(name) ?? name
  if (domain === original) return false
  return (
    standsInside(host, name) ||
    standsInside(host, original) ||
    skeleton(domain) === skeleton(original) ||
    isMisspelling(domain, original) ||
    isDecorated(domain, original)
  )
}

/** `example.org.evil.example`, `example.org-login.example`, `example-org.evil.example`. */
function standsInside(host: string, name: string): boolean {
  const dashed = name.replaceAll('.', '-')
  return new RegExp(`(?:^|[.-])(?:${escaped(name)}|${escaped(dashed)})[.-]`).test(host)
}

const escaped = (text: string): string => text.replaceAll(/[.+?^$*{}()|[\]\\]/g, '\\$&')

/** What the eye makes of a name. */
const skeleton = (domain: string): string =>
  foldLookAlikes(domainToUnicode(domain) || domain)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[1i|!]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's')
    .replaceAll('3', 'e')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('-', '')

const SHORTEST_MISSPELLED = 6

/** One letter left out, added, replaced or swapped with the next, below the same suffix. */
function isMisspelling(domain: string, original: string): boolean {
  if (getPublicSuffix(domain) !== getPublicSuffix(original)) return false
  const [a = '', b = ''] = [getDomainWithoutSuffix(domain), getDomainWithoutSuffix(original)].map((name) => name ?? '')
  if (a === b || Math.min(a.length, b.length) < SHORTEST_MISSPELLED || Math.abs(a.length - b.length) > 1) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from += 1
  const restA = a.slice(from)
  const restB = b.slice(from)
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  )
}

const DECORATION =
  'login|signin|auth|sso|secure|security|account|accounts|verify|support|api|cdn|mail|update|updates|portal|help|static'

/** `example-login.net` for `example.org`. */
function isDecorated(domain: string, original: string): boolean {
  const name = getDomainWithoutSuffix(domain) ?? ''
  const word = getDomainWithoutSuffix(original) ?? ''
  return (
    word.length > 3 &&
    new RegExp(`^(?:${escaped(word)}-(?:${DECORATION})|(?:${DECORATION})-${escaped(word)})$`).test(name)
  )
}

/** A label in which Latin letters stand beside Cyrillic or Greek ones (UTS #39, section 5). */
const mixesScripts = (host: string): boolean =>
  host
    .split('.')
    .some((label) => /\p{Script=Latin}/u.test(label) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(label))
