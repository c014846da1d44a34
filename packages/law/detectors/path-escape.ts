import { covers } from '../facts/scope.ts'
import type { Text } from '../facts/subject.ts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

/** Characters that only look like a slash or a backslash and that NFKC doesn't map to it. */
const SLASH_LIKE = /[\u2044\u2215\u2216\u29f5\u29f8\u29f9\u2571\u2572]/g

/** Dots, slashes and NUL that old decoders read out of overlong UTF-8 (RFC 3629, section 10), percent-encoded. */
const OVERLONG: ReadonlyArray<[RegExp, string]> = [
  [/%(?:c0%ae|e0%80%ae|f0%80%80%ae|u002e|uff0e)/gi, '.'],
  [/%(?:c0%af|e0%80%af|f0%80%80%af|c1%9c|u002f|u005c|u2215|u2216|uff0f)/gi, '/'],
  [/%(?:c0%80|u0000)/gi, '\0'],
]

const ENTITIES: ReadonlyArray<[RegExp, string]> = [
  [/&(?:#0*46|#x0*2e|period);/gi, '.'],
  [/&(?:#0*47|#x0*2f|sol|#0*92|#x0*5c|bsol);/gi, '/'],
]

/** Encodings of encodings that are followed; a path that needs more is no honest one. */
const MAX_ROUNDS = 8
/** PATH_MAX of Linux is 4096 bytes; encoded it may be several times longer. */
const MAX_LENGTH = 32_768

const ORDINARY = /^(?! |.*\.\.)[\w\-. +@,#()[\]{}!=;]+(?:\/[\w\-. +@,#()[\]{}!=;]+)*\/?$/

/** The path as others may read it: each round of decoding, and each with look-alikes of its characters replaced. */
function readings(path: string): string[] | 'endless' {
  const found = new Set<string>()
  let text = path
  for (let round = 0; round <= MAX_ROUNDS; round += 1) {
    found.add(text)
    found.add(
      text
        .normalize('NFKC')
        .replace(/\p{Cf}/gu, '')
        .replace(SLASH_LIKE, '/'),
    )
    const decoded = decode(text)
    if (decoded === text) return [...found]
    text = decoded
  }
  return 'endless'
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('&')) return text
  const plain = [...OVERLONG, ...ENTITIES].reduce((all, [pattern, character]) => all.replace(pattern, character), text)
  return plain.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** Not below a letter or digit: `Outer$Inner.class` and `$id.tsx` are names of files. */
const VARIABLES = [
  /(?<![\w$])\$[A-Z_][A-Z0-9_]+(?![a-z0-9_])/,
  /\$\{[A-Z_][A-Z0-9_]*(?:[:\-+=?#%/^,][^}]{0,100})?\}/,
  /\$env:/i,
  /\$\(/,
  /(?:^|[/\\])%[a-z_][\w()]{2,40}%(?:[/\\]|$)/i,
]
const HOME = /^~(?:[+-]?(?:\/|$)|[a-z_][\w-]*\/|root$)/
const ELSEWHERE = /^[a-z]:(?:[\\/]|\.\.|$)|^(?:[a-z]+:)*file:|^(?!https?:)[a-z][a-z\d+.-]*:\/\//i

/** True when the path, read as it stands, leads out of the folder that it is relative to. */
function leaves(path: string): boolean {
  if (path.includes('\0')) return true
  if (VARIABLES.some((pattern) => pattern.test(path))) return true
  return path.split(/[\r\n]+/).some((line) => {
    const text = line.trim().replace(/^["'`]+/, '')
    const slashed = text.replaceAll('\\', '/')
    if (slashed.startsWith('/') || HOME.test(slashed) || ELSEWHERE.test(text)) return true
    // Filters that take out each "../" once turn "....//" and "..././" into it.
    return climbs(slashed) || climbs(slashed.replaceAll('../', ''))
  })
}

function climbs(path: string): boolean {
  let depth = 0
  for (const segment of path.split('/')) {
    // Some systems drop blanks at the end of a name, and some servers what follows a semicolon.
    const name = segment.replace(/;.*$/, '').trim()
    if (name === '..') depth -= 1
    else if (name !== '' && name !== '.') depth += 1
    if (depth < 0) return true
  }
  return false
}

/** True when no reading of the path leaves the workspace. Too long or too often encoded a path counts as one that does. */
export function staysInside(path: string): boolean {
  if (path.length > MAX_LENGTH) return false
  if (ORDINARY.test(path)) return true
  const all = readings(path)
  return all !== 'endless' && !all.some(leaves)
}

/** Outside workspace skills a member's name alone doesn't tell whose path it is; many lines are a file's content. */
const isWorkspacePath = ({ value, format, declared }: Text, skillId: string): boolean =>
  format === 'path' && (declared || (skillId.startsWith('workspace.') && !value.includes('\n')))

/** Arguments that should name a place in the workspace and lead elsewhere. What resources name is judged by the scope. */
export const pathEscape: Detector<ActionSubject> = {
  name: 'path-escape',
  rules: ['path_escapes'],
  find({ action: { skillId, resources }, texts }) {
    const paths = texts.filter((text) => isWorkspacePath(text, skillId) && !staysInside(text.value))
    if (paths.length === 0) return []
    const asked = [...resources.read, ...resources.write]
    const escaping = paths.filter(({ value }) => !asked.some((path) => covers(path, value)))
    return factAbout(
      escaping.map(({ pointer }) => pointer()),
      {
        rule: 'path_escapes',
        article: '6',
        severity: 'CRITICAL',
        message: 'A path in its arguments leads out of the workspace.',
        remedy: 'Name the file by its plain path relative to the workspace, such as src/index.ts.',
        spans: escaping.slice(0, 8).map(({ pointer }) => ({ pointer: pointer() })),
      },
    )
  },
}
