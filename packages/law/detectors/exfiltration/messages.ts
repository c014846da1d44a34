import { getDomain } from 'tldts'
import type { Text } from '../../facts/subject.ts'
import type { ActionSubject } from '../detector.ts'
import type { Reach } from './reach.ts'
import { bareTarget, type Target, urlTarget } from './targets.ts'

const RECIPIENT = /^(?:to|cc|bcc|recipients?|reply_?to|forward_?to|e?mail|e?mail_?to)$/i
const ADDRESSES = /[^\s@,;<>"']{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/gi
const ATTACHED = /^\/(?:[^/]+\/)*(?:attach\w*|files?|enclosures?)(?:\/|$)/i

/** Mail that takes files to domains that nobody granted. */
export function reachesByMail({ texts, scope }: ActionSubject): Reach[] {
  const recipients = texts.filter(({ isKey, key, value }) => !isKey && RECIPIENT.test(key) && value.includes('@'))
  if (
    recipients.length === 0 ||
    !texts.some(({ isKey, value, pointer }) => !isKey && value !== '' && ATTACHED.test(pointer()))
  )
    return []
  const granted = new Set(scope.hosts.map((host) => domainOf(host.replace(/:\d+$/, ''))))
  return recipients.flatMap(({ value, pointer }) =>
    [...value.slice(0, 10_000).matchAll(ADDRESSES)].flatMap(([, host = '']) => {
      const target = granted.has(domainOf(host.toLowerCase())) ? undefined : bareTarget(host, 'mailto')
      return target ? [{ target, load: 'files' as const, confidence: 1, place: { pointer } }] : []
    }),
  )
}

const domainOf = (host: string): string => getDomain(host) ?? host

const IMAGE_TAG = /<(?:img|iframe|source|video|audio|embed|object|script|link|input|bgsound)\b[^<>]{0,2000}>/gi
const ADDRESS_IN_TAG = /(?:src|srcset|href|data|poster|background)\s*=\s*["']?((?:https?:)?\/\/[^\s"'>]{4,2000})/i
const MARKDOWN_IMAGE = /!\[([^\][]{0,300})\]\(\s*<?((?:https?:)?\/\/[^\s)>]{4,2000})/gi
const CSS_URL = /url\(\s*["']?((?:https?:)?\/\/[^\s)"']{4,2000})/gi
const TINY =
  /\b(?:width|height)\s*[=:]\s*["']?[01](?:px)?["';\s/>]|display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])/i
/** Services whose addresses say what a picture shows. */
export const PICTURE_SERVICES =
  /(?:^|\.)(?:shields\.io|badgen\.net|badge\.fury\.io|badges?\.[\w.-]+|codecov\.io|coveralls\.io|githubusercontent\.com|github\.com|gitlab\.com|travis-ci\.(?:com|org)|circleci\.com|star-history\.com|contrib\.rocks|gravatar\.com|fonts\.googleapis\.com|unsplash\.com|placehold\.co|sonarcloud\.io|chart\.googleapis\.com|quickchart\.io|image-charts\.com|latex\.codecogs\.com|opencollective\.com|api\.star-history\.com|repobeats\.axiom\.co|github-readme-stats\.vercel\.app|skillicons\.dev|snyk\.io|deepsource\.(?:io|com))$/
const MIN_DATA = 20
const MAX_TEXT = 1_000_000
const MAX_FINDS = 16

/** Pictures in a text for people that carry data to a host as soon as somebody looks at it. */
export function beaconsIn({ action, texts }: ActionSubject): Reach[] {
  const leaves =
    action.resources.hosts.length > 0 || action.effects.some((effect) => effect === 'external' || effect === 'spend')
  if (!leaves) return []
  const publishes = action.effects.includes('external')
  return texts.flatMap((text) => {
    if (!mayHoldBeacon(text)) return []
    const isFile = isFileContent(text)
    return isFile && !publishes ? [] : beaconsOf(text, isFile)
  })
}

/** A file that is written, pushed or published. */
export const isFileContent = ({ format, pointer }: Text): boolean =>
  format === 'code' || /\/files\/\d+\//.test(pointer())

const mayHoldBeacon = ({ value, isKey, format }: Text): boolean =>
  !isKey &&
  format !== 'shell' &&
  value.includes('//') &&
  (value.includes('<') || value.includes('](') || value.includes('url('))

function beaconsOf({ value, pointer }: Text, isFile: boolean): Reach[] {
  const text = value.slice(0, MAX_TEXT)
  const tags = [...text.matchAll(IMAGE_TAG)].slice(0, 200).flatMap(([tag]) => {
    const address = ADDRESS_IN_TAG.exec(tag)?.[1]
    return address === undefined ? [] : [{ address, tiny: TINY.test(tag) && /^<(?:img|iframe)/i.test(tag) }]
  })
  const images = [...text.matchAll(MARKDOWN_IMAGE)].slice(0, 200).map(([, alt = '', address = '']) => ({
    address,
    // A picture without a word for those who don't see it, but with facts of its own, is there for its address.
    tiny: alt.trim() === '' && tellsPairs(address),
  }))
  const styles = [...text.matchAll(CSS_URL)].slice(0, 200).map(([, address = '']) => ({ address, tiny: false }))
  const all = [...tags, ...images, ...styles]
  return all
    .flatMap(({ address, tiny }) => {
      const target = urlTarget(address.startsWith('//') ? `https:${address}` : address.replaceAll('&amp;', '&'))
      if (!target || !(tiny || carriesQuery(target))) return []
      if (isFile && (HOLDS_TEMPLATE.test(address) || COUNTS_VISITORS.test(target.host))) return []
      return [{ target, load: 'text' as const, confidence: tiny ? 1 : 0.8, place: { pointer } }]
    })
    .slice(0, MAX_FINDS)
}

/** Filled in by a program later on. */
const HOLDS_TEMPLATE = /\$\{|\{\{|<%|#\{|%[sd]\b|\{[a-z_]\w*\}/i
/** Services that a site counts its visitors with, by its owner's choice. */
const COUNTS_VISITORS =
  /(?:^|\.)(?:facebook\.com|google-analytics\.com|googletagmanager\.com|doubleclick\.net|googleadservices\.com|linkedin\.com|bing\.com|yandex\.ru|statcounter\.com|plausible\.io|matomo\.cloud|goatcounter\.com|scorecardresearch\.com|quantserve\.com)$/

/** What an address may say of the picture itself. */
const PICTURE_OPTIONS =
  /^(?:w|h|width|height|size|sz?|q|quality|fm|format|fit|crop|dpr|scale|auto|v|ver|version|t|ts|cb|cache|rev|type|ext|theme|style|label|color|logo\w*|bg|fg|font|align|mode|ixlib|ixid|cs|blur|bri|con|sat|sharp|raw|token|sig|id|name)$/i
const PAIRS_MIN = 2

/** True when a query has pairs that say nothing of a picture. */
function tellsPairs(address: string): boolean {
  const query = address.split('?', 2)[1]
  if (query === undefined) return false
  return [...new URLSearchParams(query).keys()].filter((name) => !PICTURE_OPTIONS.test(name)).length >= PAIRS_MIN
}

/** True when the query or the path says more than a picture needs: sentences, pairs of its own, templates. */
function carriesQuery({ host, rest }: Target): boolean {
  if (PICTURE_SERVICES.test(host)) return false
  const query = rest.slice(rest.indexOf('?') + 1)
  if (!rest.includes('?')) return /[A-Za-z0-9_=-]{64,}/.test(rest)
  return [...new URLSearchParams(query)].some(
    ([, value]) =>
      value.length >= MIN_DATA &&
      (/[\s=;,:|\n@{}[\]$]/.test(value) || /^[A-Za-z0-9+/_-]{24,}={0,2}$/.test(value)) &&
      !/^https?:/.test(value),
  )
}
