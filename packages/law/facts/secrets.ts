import type { FoundSecret } from './found-secret.ts'
import { mayHoldForm, SECRET_FORMS } from './secret-forms.ts'
import { assignedSecrets, jsonWebTokens } from './secret-values.ts'

const REPEATED = /(.)\1{9}/
const MADE_UP = /example|placeholder|redacted|x{6}|\.{3}|\*{3}|dummy|your[-_]/i

/** Tokens and keys that a text holds, by the forms that their providers publish. */
export function formsIn(text: string): FoundSecret[] {
  if (!mayHoldForm(text)) return []
  const found: FoundSecret[] = []
  for (const { kind, pattern } of SECRET_FORMS) {
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? match[0]
      if (kind !== 'private key' && (REPEATED.test(value) || MADE_UP.test(value))) continue
      const start = match.index + match[0].lastIndexOf(value)
      if (!overlaps(found, start, start + value.length)) found.push({ kind, start, end: start + value.length })
    }
  }
  return found
}

/** All secrets that a text holds as it stands, in the order of the text. */
export function secretsIn(text: string): FoundSecret[] {
  const found = formsIn(text)
  for (const secret of [...jsonWebTokens(text), ...assignedSecrets(text)]) {
    if (!overlaps(found, secret.start, secret.end)) found.push(secret)
  }
  return found.sort((a, b) => a.start - b.start)
}

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
