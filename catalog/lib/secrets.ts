import { lintSource } from '@secretlint/core'
import { secretLintProfiler } from '@secretlint/profiler'
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend'

// It keeps a record of every rule and file until the process ends.
secretLintProfiler.setEnabled(false)

export interface Secret {
  /** What it seems to be, in lower-case words: `github_token`. */
  kind: string
  line: number
  /** Its first four characters, then asterisks; never more of it. */
  masked: string
}

/** Longer lines are generated, not written, and cost patterns too much. */
const LINE_MAX = 4000
const PATTERNS: ReadonlyArray<readonly [string, RegExp]> = [
  ['aws_access_key_id', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/],
  ['private_key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/],
  ['stripe_secret_key', /\b[rs]k_live_[0-9A-Za-z]{20,}\b/],
]
const ASSIGNMENT =
  /(?:api[_-]?key|secret|token|passw(?:or)?d|credential|private[_-]?key|access[_-]?key)[\w-]{0,30}["']?\s{0,4}(?::|=|=>|:=)\s{0,4}["'`]([A-Za-z0-9+/=_\-.!@#$%^&*~]{16,200})["'`]/i
const PLACEHOLDER =
  /example|sample|dummy|placeholder|changeme|change_me|your|test|fake|mock|xxxx|\*\*\*\*|1234|abcd|\$\{|process\.env/i
const MIN_ENTROPY = 3.5

/** Bits per character (Shannon). */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}

const mask = (value: string): string => `${value.slice(0, 4)}****`

const words = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()

function ofPatterns(content: string): Secret[] {
  const found: Secret[] = []
  for (const [index, line] of content.split('\n').entries()) {
    if (line.length > LINE_MAX) continue
    for (const [kind, pattern] of PATTERNS) {
      const match = pattern.exec(line)
      if (match !== null && !/EXAMPLE/.test(match[0])) found.push({ kind, line: index + 1, masked: mask(match[0]) })
    }
    const value = ASSIGNMENT.exec(line)?.[1]
    if (value !== undefined && isRandom(value))
      found.push({ kind: 'assigned_secret', line: index + 1, masked: mask(value) })
  }
  return found
}

const isRandom = (value: string): boolean =>
  !PLACEHOLDER.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && entropy(value) >= MIN_ENTROPY

/**
 * Secrets that a file seems to hold, at most one per line: the rules that secretlint recommends, and assignments of
 * random-looking values to names that say what they are.
 */
export async function findSecrets(file: string, content: string): Promise<Secret[]> {
  const extension = file.slice(file.lastIndexOf('.') + 1)
  const { messages } = await lintSource({
    source: { filePath: file, content, contentType: 'text', ext: `.${extension}` },
    options: { config: { rules: [{ id: 'recommended', rule: recommended }] }, noPhysicFilePath: true },
  })
  const known = messages
    .filter((message) => message.type === 'message')
    .map((message) => ({
      kind: words(message.messageId),
      line: message.loc.start.line,
      masked: mask(content.slice(message.range[0], message.range[1])),
    }))
  const byLine = new Map<number, Secret>()
  for (const secret of [...known, ...ofPatterns(content)]) {
    if (!byLine.has(secret.line)) byLine.set(secret.line, secret)
  }
  return [...byLine.values()].sort((a, b) => a.line - b.line)
}
