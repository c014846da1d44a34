import type { FoundSecret } from './found-secret.ts'
import { isSecretValue, secretNamed } from './secret-names.ts'
import type { SecretPattern } from './secret-values.ts'

/** A pattern whose first group names what its second one holds. */
const pair = (openings: string, pattern: RegExp): SecretPattern => ({
  openings: openings.split(' '),
  pattern,
  read({ 0: whole, 1: name = '', 2: value = '', index }) {
    return secretAt(name, value, index + whole.lastIndexOf(value))
  },
})

function secretAt(name: string, value: string, start: number): FoundSecret | undefined {
  const sort = /^(?:by|SecureString)$/i.test(name) ? 'password' : secretNamed(name.trim())
  if (sort === undefined || !isSecretValue(sort, value, true)) return undefined
  return { kind: sort === 'password' ? 'password' : 'secret value', start, end: start + value.length }
}

const HEADER_CELL =
  /(?:passwords?|passwort|kennwort|passwd|pwd|secret|token|api[_ -]?key)["'`*]{0,3}[ \t]*(?=[,;\t|]|\r?\n)/iy
const MAX_ROWS = 10

/** A table whose header names the column: CSV, or a table of Markdown. */
const TABLE: SecretPattern = {
  openings: 'pass kenn pwd secret token api'.split(' '),
  pattern: HEADER_CELL,
  read({ 0: cell, index, input }) {
    const lineStart = input.lastIndexOf('\n', index) + 1
    const lineEnd = input.indexOf('\n', index)
    if (lineEnd < 0 || lineEnd - lineStart > 1000) return undefined
    const header = input.slice(lineStart, lineEnd)
    const separator = /[|\t;,]/.exec(header)?.[0]
    if (separator === undefined) return undefined
    const before = header.slice(0, index - lineStart)
    const column = before.split(separator).length - 1
    if (/\w/.test(before.slice(before.lastIndexOf(separator) + 1))) return undefined
    const columns = header.split(separator).length
    let start = lineEnd + 1
    for (const line of input
      .slice(start, start + 4000)
      .split('\n')
      .slice(0, MAX_ROWS)) {
      const cells = line.split(separator)
      if (cells.length !== columns) return undefined
      const value = (cells[column] ?? '').replace(/^[\s"'`*]+|[\s"'`*\r]+$/g, '')
      const offset = cells.slice(0, column).join(separator).length + (column > 0 ? 1 : 0)
      const found = /\s/.test(value) ? undefined : secretAt(cell, value, start + line.indexOf(value, offset))
      if (found) return found
      start += line.length + 1
    }
    return undefined
  },
}

/** Names and values of secrets that stand apart from each other. */
export const SECRET_PAIRS: readonly SecretPattern[] = [
  pair(
    'name key',
    /\b(?:name|key)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([\w.-]{3,60})\\?["']?[,;]?\s{1,40}\\?["']?(?:value|val|content)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([^\s"'\\,{}]{6,4096})/iy,
  ),
  pair(
    'name key',
    /\b(?:name|key)\\?["']\s{0,3}:\s{0,3}\\?["']([\w.-]{3,60})\\?["'],\s{0,40}\\?["'](?:value|val|content)\\?["']\s{0,3}:\s{0,3}\\?["']([^\s"'\\]{6,4096})/iy,
  ),
  pair('variable', /\bvariable\s{1,3}"([\w-]{3,60})"\s{0,3}\{[^{}]{0,400}?\bdefault\s{0,9}=\s{0,9}"([^"\n]{6,4096})"/y),
  pair('name="', /\bname="([\w.-]{3,60})"\r?\n(?:[^\r\n]{1,200}\r?\n){0,3}\r?\n([^\s]{6,4096})/y),
  pair('ENV ARG', /^(?:ENV|ARG)\s{1,3}(\w{3,60})\s{1,3}["']?([^\s"'=]{6,4096})/my),
  pair('password', /\b(password)\s{1,3}'([^'\s]{6,200})'/iy),
  pair('identified', /\bidentified\s{1,3}(?:with\s{1,3}\w{1,40}\s{1,3})?(by)\s{1,3}["']([^"'\s]{6,200})["']/iy),
  pair('ConvertTo-SecureString', /\bConvertTo-(SecureString)\s{1,3}(?:-String\s{1,3})?["']([^"'\s$]{6,200})["']/iy),
  TABLE,
]
