import type { EgressReason, SecretPlace } from '@azora/contracts'
import type { HeldSecret } from '../secrets/held.ts'

/** A request's head, as it came and as it goes on. */
export interface Head {
  /** Path and query. */
  path: string
  /** Names in lower case; several values of one name are several headers. */
  headers: Array<[name: string, value: string]>
}

export type Placed = { head: Head; used: HeldSecret[] } | { reason: EgressReason }

/** What a skill puts where the secret belongs: the placeholder, in the form that its place has. */
export function placedText(place: SecretPlace, secret: string): string {
  if (place.in === 'header') return place.format.replace('{}', () => secret)
  return place.in === 'basic' ? `Basic ${Buffer.from(`${place.user}:${secret}`).toString('base64')}` : secret
}

/**
 * Puts the values of `secrets`, which the request's host may have, in the place of their placeholders. A placeholder
 * anywhere else, or of a secret that the host may not have, refuses the request.
 */
export function placeSecrets(head: Head, secrets: readonly HeldSecret[], all: readonly HeldSecret[]): Placed {
  const used = new Set<HeldSecret>()
  let flaw: EgressReason | undefined
  const put = (held: HeldSecret): string => {
    used.add(held)
    const value = held.value()
    if (value === undefined) flaw ??= 'lease_ended'
    return value ?? ''
  }
  const headers = head.headers.map(([name, value]): [string, string] => {
    for (const held of secrets) {
      const { place } = held.use
      const isPlace = place.in === 'header' ? place.name === name : place.in === 'basic' && name === 'authorization'
      if (isPlace && isPlaced(place, value, held.placeholder)) return [name, placedText(place, put(held))]
    }
    return [name, value]
  })
  const path = placeInQuery(head.path, secrets, put)
  if (flaw) return { reason: flaw }
  const placed = { path, headers }
  const left = flawIn(textsOf(placed), secrets, all)
  return left ? { reason: left } : { head: placed, used: [...used] }
}

/** Headers of Basic authentication are compared by what they say: base64 has more than one spelling. */
function isPlaced(place: SecretPlace, value: string, placeholder: string): boolean {
  if (place.in !== 'basic') return value === placedText(place, placeholder)
  const [, credentials] = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(value) ?? []
  return credentials !== undefined && Buffer.from(credentials, 'base64').toString() === `${place.user}:${placeholder}`
}

function placeInQuery(path: string, secrets: readonly HeldSecret[], put: (held: HeldSecret) => string): string {
  const at = path.indexOf('?')
  if (at === -1) return path
  const parameters = path
    .slice(at + 1)
    .split('&')
    .map((parameter) => {
      for (const held of secrets) {
        const { place } = held.use
        if (place.in === 'query' && parameter === `${encodeURIComponent(place.name)}=${held.placeholder}`)
          return `${encodeURIComponent(place.name)}=${encodeURIComponent(put(held))}`
      }
      return parameter
    })
  return `${path.slice(0, at)}?${parameters.join('&')}`
}

const textsOf = ({ path, headers }: Head): string[] => [path, ...headers.flat()]

/** Why placeholders may not stand in these texts; also in base64, as Basic authentication has them. */
export function flawIn(
  texts: readonly string[],
  secrets: readonly HeldSecret[],
  all: readonly HeldSecret[],
): EgressReason | undefined {
  const found = all.find(({ placeholder }) => texts.some((text) => holds(text, placeholder)))
  if (!found) return undefined
  return secrets.includes(found) ? 'placeholder_misplaced' : 'placeholder_elsewhere'
}

function holds(text: string, placeholder: string): boolean {
  if (text.includes(placeholder)) return true
  for (const [word] of text.matchAll(/[A-Za-z0-9+/_-]{16,}={0,2}/g))
    if (Buffer.from(word, 'base64').toString('latin1').includes(placeholder)) return true
  return decoded(text).includes(placeholder)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Kinds of bodies in which a value can be written without changing what is around it. */
const BODIES: ReadonlyArray<[RegExp, (value: string) => string]> = [
  [/^application\/([\w.+-]+\+)?json\b/i, (value) => JSON.stringify(value).slice(1, -1)],
  [/^application\/x-www-form-urlencoded\b/i, (value) => encodeURIComponent(value)],
  [/^text\/plain\b/i, (value) => value],
]

/** Puts values into a whole body. */
export function placeInBody(
  body: Buffer,
  contentType: string,
  secrets: readonly HeldSecret[],
  all: readonly HeldSecret[],
): { body: Buffer; used: HeldSecret[] } | { reason: EgressReason } {
  let text = body.toString('latin1')
  const used: HeldSecret[] = []
  const write = BODIES.find(([type]) => type.test(contentType))?.[1]
  for (const held of secrets) {
    if (held.use.place.in !== 'body' || !write || !text.includes(held.placeholder)) continue
    const value = held.value()
    if (value === undefined) return { reason: 'lease_ended' }
    text = text.replaceAll(held.placeholder, () => Buffer.from(write(value)).toString('latin1'))
    used.push(held)
  }
  const left = flawIn([text], secrets, all)
  return left ? { reason: left } : { body: Buffer.from(text, 'latin1'), used }
}
