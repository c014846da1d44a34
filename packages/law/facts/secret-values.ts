import type { FoundSecret } from './found-secret.ts'
import { looksRandom } from './random-text.ts'
import { isAboutSecret, isSecretValue, isStandIn, SECRET_WORD, secretNamed, sortOf } from './secret-names.ts'
import { hasStem, stemsOf } from './words.ts'

/** First letters of every word that may tell a secret, and of the commands that take one. */
const TELLING = stemsOf(
  'pass pwd kenn mot wach secr toke apik key auth cred bear basi cook sshp curl wget mysq mari dock mnem seed reco setx pw',
)
/** Telling words within others, passwords in URLs, hashes of passwords, and lines of a file `.pgpass`. */
const MAYBE =
  /(?:pass|pwd|secret|token|key|contrasena)\w{0,30}["'`\]]{0,2}\s{0,9}[:=]|:\/\/[^\s/]{1,300}@|:\$|:[\d*]{1,5}:/i

/**
 * A name with a telling word in it, what assigns, and a value in quotes or without. The value is judged by itself: most of
 * what follows such a name in code is no secret.
 */
const ASSIGNMENT = new RegExp(
  `(${SECRET_WORD})([A-Za-z0-9_-]{0,30})\\\\?["'\`\\]]{0,2}(\\s{0,9}(?::=|=>|\\|\\||[:=])\\s{0,9}|\\s{1,3}(?:is|ist|lautet|est|es)\\s{1,3}|\\s{1,9}value\\s?=\\s?|>|\\s{0,3},\\s{0,3}(?=["'])|[ \\t]{1,3}(?=\\S))` +
    `(?:\\\\?(["'\`])([^"'\`\\r\\n\\\\]{6,4096})|([^\\s"'\`,;<>()[\\]{}&|\\\\]{6,4096}))`,
  'gi',
)
const NAME_BEFORE = /[A-Za-z0-9_.-]{0,40}$/

/** Secrets that a text assigns: to telling names, in connection strings, in headers and in the files of tools. */
export function assignedSecrets(text: string): FoundSecret[] {
  if (text.length < 8 || !(hasStem(text, TELLING) || MAYBE.test(text))) return []
  return [...namedValues(text), ...patterned(text)]
}

function* namedValues(text: string): Generator<FoundSecret> {
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [whole, word = '', rest = '', sign = '', quote, quotedValue, bareValue] = match
    const before = NAME_BEFORE.exec(text.slice(Math.max(0, match.index - 40), match.index))?.[0] ?? ''
    const value = quotedValue ?? trimmed(bareValue ?? '')
    const sort = sortOf(word)
    if (isAboutSecret(before, rest) || !mayAssign(text, match.index, before, sign)) continue
    if (quote === undefined && /[([{]/.test(text[match.index + whole.length] ?? '')) continue
    if (!isSecretValue(sort, value, quote !== undefined)) continue
    const start = match.index + whole.length - (quotedValue ?? bareValue ?? '').length
    yield { kind: sort === 'password' ? 'password' : 'secret value', start, end: start + value.length }
  }
}

const trimmed = (value: string): string => value.replace(/[.:!?]$/, (mark) => (mark === '!' ? mark : ''))

/** A space assigns for an option of a command and in a file `.netrc`; in prose it doesn't. */
function mayAssign(text: string, at: number, before: string, sign: string): boolean {
  if (/[:=|]|\w/.test(sign)) return true
  const lead = text.slice(Math.max(0, at - before.length - 12), at - before.length)
  if (sign.includes('>')) return lead.endsWith('<')
  if (sign.includes(',')) return /define\(\s?["']$/.test(lead)
  return (
    before.startsWith('-') ||
    /setx\s+$/i.test(lead) ||
    /\b(?:machine|login)\s[^\n]{0,200}$|\blogin\s+\S+\s+$/.test(text.slice(Math.max(0, at - 240), at))
  )
}

interface Pattern {
  kind: string
  pattern: RegExp
  accept(value: string, match: RegExpExecArray): boolean
}

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

const PATTERNS: readonly Pattern[] = [
  {
    kind: 'password in a URL',
    pattern: /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>`]{0,100}:([^\s/@"'<>`]{1,200})@[^\s"'`]/gi,
    accept: (value, { 0: whole }) =>
      isPassword(decodeSafely(value)) && !whole.includes(`//${value}:`) && !/^\d+$/.test(value),
  },
  {
    kind: 'authorization header',
    pattern: /\b(?:bearer|token|apikey|api-key)\s{1,3}([A-Za-z0-9._~+/=-]{20,4096})/gi,
    accept: (value) => looksRandom(value) && !isStandIn(value),
  },
  { kind: 'authorization header', pattern: /\bbasic\s{1,3}([A-Za-z0-9+/=_-]{8,1024})/gi, accept: isBasic },
  {
    kind: 'registry login',
    pattern: /["']?_?auth["']?\s{0,9}[:=]\s{0,9}["']?([A-Za-z0-9+/=]{8,1024})/gi,
    accept: isBasic,
  },
  {
    kind: 'session cookie',
    pattern:
      /cookie["']?\s{0,9}[:=]\s{0,9}["']?[^\n"']{0,300}?(?:sess|sid|auth)[a-z_.-]{0,20}=([A-Za-z0-9%._~+/-]{20,2000})/gi,
    accept: (value) => looksRandom(value) && !isStandIn(value),
  },
  {
    kind: 'password of a command',
    pattern: /\b(?:curl|wget|http)\b[^\n|]{0,300}?\s(?:-u|--user)[ =]["']?[^\s:"']{1,100}:([^\s"']{5,200})/g,
    accept: isPassword,
  },
  {
    kind: 'password of a command',
    pattern: /\bsshpass\s{1,3}-p\s{0,3}["']?([^\s"']{5,200})/g,
    accept: isPassword,
  },
  {
    kind: 'password of a command',
    pattern: /\b(?:mysql|mysqldump|mariadb|docker login)\b[^\n|]{0,300}?\s-p\s?["']?([^\s"'-][^\s"']{5,200})/g,
    accept: (value) => isSecretValue('password', value, true),
  },
  {
    kind: 'password of a command',
    pattern: /\bauth\s?=\s?\(\s?["'][^"'\n]{1,100}["']\s?,\s?["']([^"'\n]{5,200})["']/g,
    accept: isPassword,
  },
  {
    kind: 'registry login',
    pattern:
      /(?:_authToken|HEROKU_API_(?:KEY|TOKEN))["']?\s?[:=]\s?["']?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/gi,
    accept: (value) => !isStandIn(value),
  },
  {
    kind: 'recovery phrase',
    pattern:
      /(?:mnemonic|seed|recovery)[ _-]?(?:phrase|words)?["']?\s?[:=]\s?["']?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})/gi,
    accept: () => true,
  },
  {
    kind: 'password hash',
    pattern: /^[a-z_][a-z0-9_-]{0,31}:(\$(?:6|5|y|2[aby])\$[^\s:]{20,200}):/gm,
    accept: () => true,
  },
  {
    kind: 'database password',
    pattern: /^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w*-]{1,63}:[\w*-]{1,63}:([^\s:]{6,200})$/gm,
    accept: isPassword,
  },
]

const JWT: Pattern = {
  kind: 'JSON Web Token',
  pattern: /(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{16,2000})/g,
  accept: isJwt,
}

const patterned = (text: string): FoundSecret[] => PATTERNS.flatMap((pattern) => apply(pattern, text))

export const jsonWebTokens = (text: string): FoundSecret[] => (text.includes('eyJ') ? apply(JWT, text) : [])

function apply({ kind, pattern, accept }: Pattern, text: string): FoundSecret[] {
  const found: FoundSecret[] = []
  for (const match of text.matchAll(pattern)) {
    const value = match[1] ?? ''
    const start = match.index + match[0].lastIndexOf(value)
    if (accept(value, match)) found.push({ kind, start, end: start + value.length })
  }
  return found
}

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
