import type { FoundSecret } from './found-secret.ts'
import { createScanner, type Opened } from './openings.ts'
import { SECRET_FORMS, type SecretForm } from './secret-forms.ts'
import { SECRET_PAIRS } from './secret-pairs.ts'
import { SECRET_PATTERNS } from './secret-values.ts'

const REPEATED = /(.)\1{9}/
const MADE_UP = /example|placeholder|redacted|x{6}|\.{3}|\*{3}|dummy|your[-_]/i

/** A way to find secrets. Where two find the same piece of a text, the one of the lower rank names it. */
interface Finder extends Opened {
  readonly rank: number
  readonly hint?: RegExp
  read(match: RegExpExecArray): FoundSecret | undefined
}

const readForm =
  ({ kind }: SecretForm) =>
  (match: RegExpExecArray): FoundSecret | undefined => {
    const value = match[1] ?? match[0]
    if (kind !== 'private key' && (REPEATED.test(value) || MADE_UP.test(value))) return undefined
    const start = match.index + match[0].lastIndexOf(value)
    return { kind, start, end: start + value.length }
  }

const FORMS: readonly Finder[] = SECRET_FORMS.map((form, rank) => ({ ...form, rank, read: readForm(form) }))
const ALL: readonly Finder[] = [
  ...FORMS,
  ...[...SECRET_PATTERNS, ...SECRET_PAIRS].map((pattern, at) => ({ ...pattern, rank: FORMS.length + at })),
]

function searchFor(finders: readonly Finder[]): (text: string) => FoundSecret[] {
  const scan = createScanner(finders)
  const hinted = finders.filter(({ openings }) => openings.length === 0)
  return (text) => {
    const found: Array<FoundSecret & { rank: number }> = []
    const add = ({ rank, read }: Finder, match: RegExpExecArray): void => {
      const secret = read(match)
      if (secret) found.push({ ...secret, rank })
    }
    scan(text, add)
    for (const finder of hinted) {
      if (finder.hint?.test(text)) for (const match of text.matchAll(finder.pattern)) add(finder, match)
    }
    return found.length === 0 ? [] : withoutOverlaps(found)
  }
}

function withoutOverlaps(found: ReadonlyArray<FoundSecret & { rank: number }>): FoundSecret[] {
  const kept: FoundSecret[] = []
  for (const { rank: _, ...secret } of found.toSorted((a, b) => a.rank - b.rank || a.start - b.start)) {
    if (!overlaps(kept, secret.start, secret.end)) kept.push(secret)
  }
  return kept.sort((a, b) => a.start - b.start)
}

/** Tokens and keys that a text holds, by the forms that their providers publish, in the order of the text. */
export const formsIn = searchFor(FORMS)

/** All secrets that a text holds as it stands, in the order of the text. */
export const secretsIn = searchFor(ALL)

const overlaps = (found: readonly FoundSecret[], start: number, end: number): boolean =>
  found.some((other) => start < other.end && other.start < end)

/** Kinds of the secrets in a text, such as `GitHub token`, in the order of the alphabet. */
export const secretKindsIn = (text: string): string[] => [...new Set(secretsIn(text).map(({ kind }) => kind))].sort()

/** The text with every secret in it replaced by its kind. */
export function maskSecrets(text: string): string {
  const found = secretsIn(text)
  if (found.length === 0) return text
  let masked = ''
  let at = 0
  for (const { kind, start, end } of found) {
    masked += `${text.slice(at, start)}[${kind}]`
    at = end
  }
  return masked + text.slice(at)
}
