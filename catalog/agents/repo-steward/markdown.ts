import { stripVTControlCharacters } from 'node:util'
import { maskSecrets } from './mask.ts'

/**
 * Without secrets, on one line, at most `limit` characters. Masking comes after what could join the parts of a secret and
 * before what could take it apart.
 */
export function oneLine(text: string, limit: number): string {
  const line = maskSecrets(text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim())
  const characters = [...line]
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : line
}

/** Text of others that Markdown takes as it is. */
export const inline = (text: string, limit = 160): string =>
  oneLine(text, limit).replace(/[\\`*_{}[\]<>|~#@!&$]/g, (sign) => `\\${sign}`)

/** Text of others as the end of a sentence. */
export const sentence = (text: string, limit = 300): string => `${inline(text, limit).replace(/[.\s]+$/, '')}.`

/** Text of others as code; the fence is longer than any in the text (CommonMark 0.31, section 6.1). */
export function code(text: string, limit = 160): string {
  const cut = oneLine(text, limit) || ' '
  const fence = '`'.repeat(longestRun(cut) + 1)
  const space = cut.startsWith('`') || cut.endsWith('`') ? ' ' : ''
  return `${fence}${space}${cut}${space}${fence}`
}

/** Text of others as a block of code. */
export function codeBlock(text: string): string {
  const clean = maskSecrets(stripVTControlCharacters(text).replace(/[^\P{C}\n\t]/gu, '')).trimEnd()
  const fence = '`'.repeat(Math.max(3, longestRun(clean) + 1))
  return `${fence}text\n${clean}\n${fence}`
}

const longestRun = (text: string): number => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))

/** @param rows cells that are Markdown already */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  // GitHub's tables split at every pipe but an escaped one, also in code.
  const escaped = (cell: string): string => cell.replace(/(?<!\\)\|/g, '\\|')
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const plural = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`

/** Bytes with a decimal unit: `999 bytes`, `1.5 kB`, `20 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte')
  const units = ['kB', 'MB', 'GB', 'TB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export const duration = (ms: number): string =>
  ms < 1000
    ? `${Math.round(ms)} ms`
    : ms < 60_000
      ? `${(ms / 1000).toFixed(1)} s`
      : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
