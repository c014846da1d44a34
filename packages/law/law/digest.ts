import { digestOf } from '@azora/proof/verify'

/**
 * Names a law: SHA-256 over the canonical JSON (RFC 8785) of its files' names and texts, in the order of their names, so
 * that the order of reading them doesn't matter.
 */
export const digestOfLaw = (files: ReadonlyArray<{ name: string; text: string }>): string =>
  digestOf(files.map(({ name, text }) => [name, text]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
