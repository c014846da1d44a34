import type { Format, Formats } from '@azora/contracts'
import type { Place } from './json-walk.ts'

export interface FoundFormat {
  format: Format | undefined
  declared: boolean
}

const namesOf = (format: Format, names: string): Array<[string, Format]> =>
  names.split(' ').map((name) => [name, format])

/** What texts usually are in members with these names, in any case, where the manifest doesn't say. */
const TEXT_BY_NAME: ReadonlyMap<string, Format> = new Map([
  ...namesOf('shell', 'cmd command commands shell bash script run exec commandline command_line'),
  ...namesOf('sql', 'sql query statement queries statements'),
  ...namesOf('code', 'code source sourcecode source_code content contents patch replacement'),
  ...namesOf('path', 'path file filename filepath file_path dir directory folder cwd'),
])
const URL_NAME = /^(url|uri|href|endpoint|webhook|callback|remote|link|\w*_url|\w*Url)$/
const ARGV_NAMES = new Set(['argv', 'args', 'arguments', 'command', 'cmd', 'exec'])

function guess(name: string, value: unknown): Format | undefined {
  const lower = name.toLowerCase()
  if (Array.isArray(value)) return ARGV_NAMES.has(lower) ? 'argv' : undefined
  return TEXT_BY_NAME.get(lower) ?? (URL_NAME.test(name) ? 'url' : undefined)
}

/** An array of words is never a command line, and a text never the words of a command. */
const fits = (format: Format, value: unknown): boolean => Array.isArray(value) === (format === 'argv')

/** A function that tells the format of a value by its place. */
export function formatFinder(formats: Formats): (place: Place, value: unknown) => FoundFormat {
  const exact = new Map<string, Format>()
  const patterns: Array<{ pattern: RegExp; format: Format }> = []
  for (const [pointer, format] of Object.entries(formats)) {
    if (pointer.split('/').includes('*')) patterns.push({ pattern: patternOf(pointer), format })
    else exact.set(pointer, format)
  }
  const declaredAt = (place: Place): Format | undefined => {
    if (exact.size === 0 && patterns.length === 0) return undefined
    const pointer = place.pointer()
    return exact.get(pointer) ?? patterns.find(({ pattern }) => pattern.test(pointer))?.format
  }
  return (place, value) => {
    const declared = declaredAt(place)
    if (declared) return { format: fits(declared, value) ? declared : undefined, declared: true }
    return { format: guess(place.key, value), declared: false }
  }
}

const patternOf = (pointer: string): RegExp =>
  new RegExp(`^${pointer.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\/\*(?=\/|$)/g, '/[^/]*')}$`)
