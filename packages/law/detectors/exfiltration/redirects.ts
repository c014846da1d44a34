import { getDomain } from 'tldts'
import { readEncoded } from './encodings.ts'
import type { Reach } from './reach.ts'
import { isAmong, type Target, urlTarget } from './targets.ts'

/** Parameters whose value is where the visitor is sent next. */
const SENDS_ON =
  /(?:^|[._-])(?:next|re_?dir\w*|return\w*|go_?to|goto|continue|dest(?:ination)?|forward\w*|jump(?:_?to)?|rurl|out|exit|to|relay_?state|success\w*|success_?ur[li]|success_?url|callback|cb|post_?logout\w*|fallback|cont|checkout_?url|back\w*|landing\w*|target_?ur[li]|navigate\w*|bounce)$/i
/** Parameters that may hold an address for other reasons too. */
const NAMES_ADDRESS =
  /^(?:u|ur[li]|q|link|href|target|r|l|site|page|location|src|source|address|load|open|view|img|image_?ur[li]|feed|host|domain|remote|proxy|fetch|path|file|ref|x)$/i
/** Paths at which servers send visitors on, or fetch for them. */
const SENDING_PATH =
  /(?:^|[/_-])(?:out|re-?dir\w*|r|go|goto|away|exit|leave|jump|bounce|forward\w*|proxy\w*|fetch\w*|relay|l\.php|click\w*|track\w*|outbound|external|offsite|url|linkfilter|safelink\w*|link)(?=$|[/?;.#_-])/i

const MAYBE = /:|%|\/\/|\\|[A-Za-z0-9_-]{24}/
const PARAMETER = /[?&;#]([\w.[\]-]{1,64})=([^&;#\s]{6,4096})/g
/** An address in the path itself: `/proxy/https://…`. */
const IN_PATH = /\/((?:https?|wss?|ftp)(?::|%3A)(?:\/|%2F){1,2}[^?#\s]{4,4096}(?:[?#]\S{0,4096})?)$/i
const MAX_LAYERS = 4

/** Where the servers of some places would send the request on, by an address inside the address. */
export const redirectsOf = (reaches: readonly Reach[], granted: readonly string[]): Reach[] =>
  reaches.flatMap((reach) => {
    const { target, place, confidence } = reach
    if (target.rest.length < 8 || !MAYBE.test(target.rest)) return []
    return innerAddresses(target).flatMap(({ inner, sure }): Reach[] => {
      if (isSameSite(inner, target, granted)) return []
      const carries = carriesData(inner)
      if (!sure && !(carries && carriesMuch(inner))) return []
      const found = { target: inner, place, load: carries ? ('text' as const) : ('nothing' as const) }
      return [
        { ...found, confidence: Math.min(confidence, sure ? 1 : 0.7), ...(sure && carries ? {} : { mild: true }) },
      ]
    })
  })

interface Inner {
  inner: Target
  /** True when the name or the path says that the visitor is sent on. */
  sure: boolean
}

function innerAddresses({ rest }: Target): Inner[] {
  const path = rest.split(/[?#;]/, 1)[0] ?? ''
  const sends = SENDING_PATH.test(path)
  const inPath = sends ? IN_PATH.exec(rest)?.[1] : undefined
  const found = [...rest.matchAll(PARAMETER)].slice(0, 32).flatMap(([, name = '', value = '']): Inner[] => {
    const names = SENDS_ON.test(name)
    if (!names && !NAMES_ADDRESS.test(name)) return []
    // An address in a parameter is often not encoded, so that its own parameters seem to follow.
    const at = rest.indexOf(value)
    const plain = /^https?:\/\//i.test(value) ? rest.slice(at).split(/[#\s]/, 1)[0] : value
    const inner = addressIn(plain ?? value)
    return inner ? [{ inner, sure: names || sends }] : []
  })
  const inner = inPath === undefined ? undefined : addressIn(inPath)
  return inner ? [...found, { inner, sure: true }] : found
}

/** The address that a value stands for, below percent-encoding, Base64 or hexadecimal. */
function addressIn(value: string): Target | undefined {
  let text = value
  for (let layer = 0; layer < MAX_LAYERS; layer += 1) {
    const address = /^(?:https?|wss?|ftp):/i.test(text)
      ? text.replace(/^(\w+):[\\/]*/, '$1://')
      : /^[\\/]{2}|^\/\\/.test(text)
        ? `https://${text.replace(/^[\\/]+/, '')}`
        : undefined
    const target = address === undefined ? undefined : urlTarget(address)
    if (target) return target.host.includes('.') || target.host.includes(':') ? target : undefined
    const next = decoded(text)
    if (next === text) return undefined
    text = next
  }
  return undefined
}

function decoded(text: string): string {
  if (text.includes('%')) {
    try {
      return decodeURIComponent(text)
    } catch {
      return text
    }
  }
  const bytes = /^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(text) ? readEncoded(text)?.toString() : undefined
  return bytes !== undefined && /^(?:https?|\/\/|%)/i.test(bytes) ? bytes : text
}

const siteOf = (host: string): string => getDomain(host) ?? host

/** `www.example.org` after `example.org`, and whatever was granted. */
const isSameSite = (inner: Target, outer: Target, granted: readonly string[]): boolean =>
  isAmong(inner, granted) ||
  [outer.host, ...granted.map((host) => host.replace(/:\d+$/, ''))].some((host) => siteOf(host) === siteOf(inner.host))

/** The same, and too much for the number of a page or film. */
const carriesMuch = ({ rest }: Target): boolean => /[?#&;][^=]{0,64}=[^&#]{24,}/.test(rest)

/** True when the address says more than which page is meant. */
const carriesData = ({ rest, user }: Target): boolean =>
  user !== '' ||
  /[?#&;][^=]{0,64}=[^&#]{4,}/.test(rest) ||
  /[A-Za-z0-9+_=-]{40,}/.test(rest) ||
  /[?#][^=&]{16,}/.test(rest)
