import type { FoundSecret } from './found-secret.ts'
import type { Opened } from './openings.ts'
import { looksRandom } from './random-text.ts'
import {
  isAboutSecret,
  isSecretValue,
  isStandIn,
  SECRET_OPENINGS,
  SECRET_WORD,
  secretNamed,
  sortOf,
} from './secret-names.ts'

/** A way in which texts assign secrets. */
export interface SecretPattern extends Opened {
  /** Where there is no opening: what a text must hold so that it may hold a match. The pattern is global then. */
  readonly hint?: RegExp
  read(match: RegExpExecArray): FoundSecret | undefined
}

/**
 * A name with a telling word in it, what assigns, and a value in quotes or without. The value is judged by itself: most of
 * what follows such a name in code is no secret.
 */
const ASSIGNMENT = new RegExp(
  `(${SECRET_WORD})([A-Za-z0-9_-]{0,30})\\\\?["'\`\\]]{0,2}(\\s{0,9}[:=]\\s{0,9}\\{\\s{0,9}\\\\?["']?(?:value|raw|plain|default)\\\\?["']?\\s{0,9}[:=]\\s{0,9}|\\s{0,9}(?::=|=>|\\|\\||[:=])\\s{0,9}|(?:\\s(?:for|of|to|on|für|von|de|du|del|pour|para)\\s[\\w .@-]{1,40}?)?\\s{1,3}(?:is|ist|lautet|est|es)\\s{1,3}|\\s{1,9}value\\s?=\\s?|>(?:<!\\[CDATA\\[)?|\\(\\s{0,3}(?=["'\`])|\\s{0,3},\\s{0,3}(?=["'])|[ \\t]{1,3}(?=\\S))` +
    `(?:\\\\?(["'\`])([^"'\`\\r\\n\\\\]{6,4096})|([^\\s"'\`,;<>()[\\]{}&|\\\\]{6,4096}))`,
  'iy',
)
const NAME_BEFORE = /[A-Za-z0-9_.-]{0,40}$/

const NAMED: SecretPattern = {
  openings: SECRET_OPENINGS,
  pattern: ASSIGNMENT,
  read(match) {
    const [whole, word = '', rest = '', sign = '', quote, quotedValue, bareValue] = match
    const { input, index } = match
    const before = NAME_BEFORE.exec(input.slice(Math.max(0, index - 40), index))?.[0] ?? ''
    const value = quotedValue ?? trimmed(bareValue ?? '')
    const sort = sortOf(word)
    if (isAboutSecret(before, rest) || !mayAssign(input, index, before, sign)) return undefined
    if (quote === undefined && /[([{]/.test(input[index + whole.length] ?? '')) return undefined
    if (!isSecretValue(sort, value, quote !== undefined)) return undefined
    const start = index + whole.length - (quotedValue ?? bareValue ?? '').length
    return { kind: sort === 'password' ? 'password' : 'secret value', start, end: start + value.length }
  },
}

const trimmed = (value: string): string => value.replace(/[.:!?]$/, (mark) => (mark === '!' ? mark : ''))

/** A space assigns for an option of a command and in a file `.netrc`; in prose it doesn't. */
function mayAssign(text: string, at: number, before: string, sign: string): boolean {
  // A call that takes one, such as `withToken("…")`; what other functions get is about one.
  if (sign.startsWith('(')) return /(?:set|with|use|add|new)_?$/i.test(before)
  if (/[:=|]|\w/.test(sign) && !sign.startsWith('>')) return true
  const lead = text.slice(Math.max(0, at - before.length - 12), at - before.length)
  if (sign.includes('>')) return lead.endsWith('<')
  if (sign.includes(',')) return /define\(\s?["']$/.test(lead)
  return (
    before.startsWith('-') ||
    /setx\s+$/i.test(lead) ||
    /\b(?:machine|login)\s[^\n]{0,200}$|\blogin\s+\S+\s+$/.test(text.slice(Math.max(0, at - 240), at))
  )
}

type Accept = (value: string, match: RegExpExecArray) => boolean

/** A pattern whose first group is the secret; `openings` stand between spaces. */
const pattern = (kind: string, openings: string, regex: RegExp, accept: Accept = () => true): SecretPattern => ({
  openings: openings === '' ? [] : openings.split(' '),
  pattern: regex,
  read(match) {
    const value = match[1] ?? ''
    const start = match.index + match[0].lastIndexOf(value)
    return accept(value, match) ? { kind, start, end: start + value.length } : undefined
  },
})

const isPassword = (value: string): boolean => value.length >= 5 && !value.includes('\\') && !isStandIn(value)

/** RFC 7617: `user:password` in Base64. */
function isBasic(value: string): boolean {
  const [user = '', ...rest] = Buffer.from(value, 'base64').toString().split(':')
  const password = rest.join(':')
  return /^[\x20-\x7e]{1,200}$/.test(user) && /^[\x20-\x7e]{5,500}$/.test(password) && isPassword(password)
}

/** RFC 7519. The example of jwt.io has the subject 1234567890. */
function isJwt(value: string): boolean {
  const [header = '', payload = ''] = value.split('.')
  const decoded = Buffer.from(payload, 'base64url').toString()
  return /"alg"/.test(Buffer.from(header, 'base64url').toString()) && !decoded.includes('"1234567890"')
}

const isCredential: Accept = (value) => looksRandom(value) && !isStandIn(value)
const isChosen: Accept = (value) => isPassword(value)

/** Secrets that a text assigns: to telling names, in connection strings, in headers and in the files of tools. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  // RFC 7515, with a payload that is JSON.
  pattern(
    'JSON Web Token',
    'eyJ',
    /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,2000})/y,
    isJwt,
  ),
  NAMED,
  pattern(
    'password in a URL',
    '://',
    /(?<=[a-z][a-z0-9+.-]{1,20}):\/\/[^\s/:@"'<>`]{0,100}:([^\s/@"'<>`]{1,200})@[^\s"'`]/iy,
    (value, { 0: whole }) => isPassword(decodeSafely(value)) && !whole.includes(`//${value}:`) && !/^\d+$/.test(value),
  ),
  pattern(
    'authorization header',
    'bearer token apikey api-key',
    /\b(?:bearer|token|apikey|api-key)\s{1,3}([A-Za-z0-9._~+/=-]{20,4096})/iy,
    isCredential,
  ),
  pattern('authorization header', 'basic', /\bbasic\s{1,3}([A-Za-z0-9+/=_-]{8,1024})/iy, isBasic),
  pattern('registry login', 'auth', /auth["']?\s{0,9}[:=]\s{0,9}["']?([A-Za-z0-9+/=]{8,1024})/iy, isBasic),
  pattern(
    'session cookie',
    'cookie',
    /cookie["']?\s{0,9}[:=]\s{0,9}["']?[^\n"']{0,300}?(?:sess|sid|auth)[a-z_.-]{0,20}=([A-Za-z0-9%._~+/-]{20,2000})/iy,
    isCredential,
  ),
  pattern(
    'password of a command',
    'curl wget http',
    /\b(?:curl|wget|http)\s(?:[^\n|]{0,300}?\s)?(?:-u|--user)[ =]["']?[^\s:"']{1,100}:([^\s"']{5,200})/y,
    isChosen,
  ),
  pattern('password of a command', 'sshpass', /\bsshpass\s{1,3}-p\s{0,3}["']?([^\s"']{5,200})/y, isChosen),
  pattern(
    'password of a command',
    'mysql mariadb docker',
    /\b(?:mysql|mysqldump|mariadb|docker login)\b[^\n|]{0,300}?\s-p\s?["']?([^\s"'-][^\s"']{5,200})/y,
    (value) => isSecretValue('password', value, true),
  ),
  pattern(
    'password of a command',
    'auth',
    /\bauth\s?=\s?\(\s?["'][^"'\n]{1,100}["']\s?,\s?["']([^"'\n]{5,200})["']/y,
    isChosen,
  ),
  pattern(
    'registry login',
    '_authToken HEROKU_API_',
    /(?:_authToken|HEROKU_API_(?:KEY|TOKEN))["']?\s?[:=]\s?["']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/iy,
    (value) => !isStandIn(value),
  ),
  pattern(
    'recovery phrase',
    'mnemonic seed recovery',
    /(?:mnemonic|seed|recovery)[ _-]?(?:phrase|words)?["']?\s?[:=]\s?["']?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})/iy,
  ),
  {
    ...pattern('password hash', '', /^[a-z_][a-z0-9_-]{0,31}:(\$(?:6|5|y|2[aby])\$[^\s:]{20,200}):/gm),
    hint: /:\$[652y]/,
  },
  {
    ...pattern(
      'database password',
      '',
      /^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w*-]{1,63}:[\w*-]{1,63}:([^\s:]{6,200})$/gm,
      isChosen,
    ),
    hint: /:(?:\d{2,5}|\*):[\w*-]/,
  },
]

function decodeSafely(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

/** What a member of this name with this value gives away, for values that stand alone in a document. */
export function secretUnderName(name: string, value: string): string | undefined {
  const sort = secretNamed(name)
  if (sort === undefined || !isSecretValue(sort, value, true)) return undefined
  return sort === 'password' ? 'password' : 'secret value'
}
