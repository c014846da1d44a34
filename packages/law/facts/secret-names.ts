import { looksRandom } from './random-text.ts'

/** Names under which a secret is kept, as parts of longer names too: `DB_PASSWORD`, `stripeApiKey`. */
export const SECRET_WORD = `passw(?:or)?[dt]|passwort|passwd|passphrase|pwd|kennwort|contrase(?:n|ñ)a|mot_?de_?passe|wachtwoord|_pass|pass(?=[^\\w\\s]{0,2}\\s{0,3}(?:[:=>]|$))|(?<![a-z])pw(?=\\s{0,2}[:=])|密码|密碼|パスワード|비밀번호|пароль|secret|token|api[-_ ]?key|access[-_ ]?key|auth[-_ ]?key|private[-_ ]?key|signing[-_ ]?key|encryption[-_ ]?key|master[-_ ]?key|license[-_ ]?key|account[-_ ]?key|app[-_ ]?key|service[-_ ]?key|credentials?|_auth|bearer`
/** What every one of these names begins with. */
export const SECRET_OPENINGS: readonly string[] =
  'pass pwd kennwort contrase mot wachtwoord _pass pw 密码 密碼 パスワード 비밀번호 пароль secret token api access auth private signing encryption master license account app service credential _auth bearer'.split(
    ' ',
  )
const WORD = new RegExp(`(?:${SECRET_WORD})`, 'i')
const PASSWORD = /pass|pw|kennwort|contrase|wachtwoord|密|パ|비|пар/i

export const sortOf = (word: string): 'password' | 'token' => (PASSWORD.test(word) ? 'password' : 'token')

/** What follows the word in names of things about a secret that are none. */
const ABOUT_AFTER =
  /^[-_ ]?(?:s|ids?|count\w*|limit\w*|type|name\w*|ur[li]|endpoint|path|file\w*|dir|field|polic\w*|len\w*|expir\w*|ttl|lifetime|hash\w*|digest|refs?|reference|arn|version|label|placeholder|hint|regex|pattern|prefix|header|env|var\w*|usage|used|budget|per\w*|max\w*|min\w*|size|store|manager|provider|rotation|reset\w*|input|format|status|valid\w*|required|enabled|strength|iz\w*|key_?ref|secret_?name|address|symbol|contract|issuer|audience|scope\w*|algorithm|alg|source|class|rules?|help|text|title|message|error|icon|color)(?![a-z])/i
const ABOUT_BEFORE =
  /(?:page|next|continuation|c[sx]rf|xsrf|max|min|public|pub|publishable|num|total|prompt|completion|output|bos|eos|pad|stop|idempotency|dedup|cache|sort|partition|cancellation|no|without|forgot|reset|design|syntax|lex|sync|resume|cursor|change|client_request|key_vault|by|com|tres|over|sur|under)[-_ ]?$/i

/** Marks of a value that stands for another, or that was made up for a manual. */
const STAND_IN =
  /[<>…•]|\$\{|\$\(|\{\{|\}\}|%\(|%[sd]\b|\*{3}|x{4}|\.{3}|example|placeholder|change.?(?:me|it|this)|your[-_ ]?|redacted|masked|dummy|fake|sample|insert|replace|lorem|process\.env|environ|getenv|vault[:/]|secrets?\.|env[.(]|\bop:\/\/|^\$|^!|^&|^arn:|^sm:\/\//i
const COMMON_STAND_IN =
  /^(?:my|the|some|a|new|old|default|super)?[-_ ]?(?:pass(?:word|wd|wort|phrase)?|pwd|secret|token|key|api[-_]?key|user(?:name)?|admin|root|guest|test(?:ing)?|demo|foo(?:bar)?|bar|baz|abc|qwerty|letmein|none|null|nil|undefined|true|false|required|optional|string|hidden|todo|tbd|unset|empty|postgres|mysql|redis|minio(?:admin)?|rabbitmq|sa|dev(?:elopment)?|local(?:host)?)[-_ !\d]{0,10}$/i
const SAME = /^(.)\1*$|(.)\2{9}/
const DIGEST = /^(?:sha\d{1,3}|md5)[-:=]|^\$(?:2[aby]|5|6|argon2)/i
const UUID = /^(?:urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** `user.password`, `getToken`, `./keys/id`, `2024-05-01`. */
const REFERENCE =
  /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$|^(?:\.{0,2}|~)\/|^[a-z][a-z0-9+.-]*:\/\/|^\d{4}-\d\d-\d\d|^[\d.,:_-]+$/

export const isStandIn = (value: string): boolean =>
  STAND_IN.test(value) || COMMON_STAND_IN.test(value) || SAME.test(value)

/** What a member or variable of this name holds, if that is a secret. */
export function secretNamed(name: string): 'password' | 'token' | undefined {
  const match = name.length <= 80 ? WORD.exec(name) : null
  if (!match || isAboutSecret(name.slice(0, match.index), name.slice(match.index + match[0].length))) return undefined
  return sortOf(match[0])
}

export const isAboutSecret = (before: string, after: string): boolean =>
  ABOUT_BEFORE.test(before) || ABOUT_AFTER.test(after)

/** True when the value of something named like a secret is one, and neither a stand-in, a digest nor a reference. */
export function isSecretValue(sort: 'password' | 'token', value: string, quoted: boolean): boolean {
  if (value.length < 6 || value.length > 4096 || isStandIn(value) || DIGEST.test(value) || UUID.test(value))
    return false
  if (REFERENCE.test(value) || (!quoted && /^[A-Za-z_$]+$/.test(value))) return false
  if (sort === 'token')
    return (
      looksRandom(value) ||
      (value.length >= 12 &&
        value.length < 16 &&
        /\d.*\d/.test(value) &&
        /[a-z]/i.test(value) &&
        !/^[A-Z_]+\d*$|^[a-z_-]+\d*$/.test(value))
    )
  if (/\s/.test(value)) return false
  if (!quoted && /^[A-Za-z_$]*(?:pass|pwd|secret|token|key|input|value|hash)\w*$/i.test(value)) return false
  return isMixed(value) || (value.length >= 20 && /^[a-z]+$/.test(value))
}

/** Letters with digits or with other characters, as people choose passwords. */
function isMixed(value: string): boolean {
  if (!/[A-Za-z]/.test(value)) return false
  if (/\d/.test(value)) return true
  return value.length >= 8 && /[!#$%&*+=?@^~|]/.test(value) && /[A-Z]/.test(value)
}
