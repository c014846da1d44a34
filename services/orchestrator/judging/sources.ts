import type { Json } from '@azora/contracts'
import type { Source } from '@azora/law'
import { sha256Hex } from '@azora/proof'
import type { RunFold } from '../fold/run-fold.ts'

/** Shorter texts can be told from nothing. */
const SOURCE_CHARACTERS_MIN = 3
const SOURCES_MAX = 10_000
const ALL_CHARACTERS_MAX = 8 * 1024 * 1024

/** The texts that the run has read: what its output quotes is no work of its own. The first ones, where there are too many. */
export function sourcesOf({ steps }: Pick<RunFold, 'steps'>): Source[] {
  const sources = new Map<string, string>()
  const open: Json[] = [...steps.values()].flatMap(({ outcome }) => outcome?.output ?? []).reverse()
  let characters = 0
  while (open.length > 0 && sources.size < SOURCES_MAX && characters < ALL_CHARACTERS_MAX) {
    const value = open.pop()
    if (typeof value === 'string' && value.length >= SOURCE_CHARACTERS_MIN) {
      characters += value.length
      sources.set(sha256Hex(value), value)
    } else if (Array.isArray(value)) open.push(...value.toReversed())
    else if (typeof value === 'object' && value !== null) open.push(...Object.values(value).reverse())
  }
  return [...sources].map(([digest, text]) => ({ digest, text }))
}
