import type { Format, Formats } from '@azora/contracts'
import type { Place } from './json-walk.ts'

export interface FoundFormat {
  format: Format | undefined
  declared: boolean
}

/** What members with these names usually hold, where the manifest doesn't say. */
const BY_NAME: ReadonlyArray<[RegExp, Format]> = [
  [/^(cmd|command|commands|shell|bash|script|run|exec|command_?line)$/i, 'shell'],
  [/^(argv|args|arguments|command|cmd|exec)$/i, 'argv'],
  [/^(sql|query|statement|queries|statements)$/i, 'sql'],
  [/^(code|source|source_?code|content|contents|patch|replacement)$/i, 'code'],
  [/^(path|file|filename|file_?path|filepath|dir|directory|folder|cwd)$/i, 'path'],
  [/^(url|uri|href|endpoint|webhook|callback|remote|link|\w*_url|\w*Url)$/, 'url'],
]

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
    const guessed = BY_NAME.find(([name, format]) => fits(format, value) && name.test(place.key))
    return { format: guessed?.[1], declared: false }
  }
}

const patternOf = (pointer: string): RegExp =>
  new RegExp(`^${pointer.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\/\*(?=\/|$)/g, '/[^/]*')}$`)
