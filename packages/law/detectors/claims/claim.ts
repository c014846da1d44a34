import type { Json } from '@azora/contracts'
import { walkJson } from '../../facts/json-walk.ts'

interface Citation {
  /** Digest of a source as the claim names it, in lower case; empty when it names none. */
  source: string
  quote: string
}

export interface Claim {
  text: string
  citations: readonly Citation[]
  /** RFC 6901. */
  pointer: string
}

/** The claims in all members called `claims` of a document. Members of that name that hold something else are left out. */
export function claimsIn(document: Json): Claim[] {
  const claims: Claim[] = []
  walkJson(document, (value, place) => {
    if (place.isKey || place.key !== 'claims' || typeof value !== 'object' || value === null) return
    const claim = claimOf(value, place.pointer)
    if (claim) claims.push(claim)
  })
  return claims
}

/** A claim has a text; what else is called so, such as those of a token or an insurance, has none or cites otherwise. */
function claimOf(value: object, pointer: () => string): Claim | undefined {
  const text = textOf(value, 'text')
  const cited: unknown[] = 'citations' in value && Array.isArray(value.citations) ? value.citations : []
  const citations = cited.flatMap(citationOf)
  if (text === undefined && citations.length === 0) return undefined
  return { text: text ?? '', citations, pointer: pointer() }
}

function citationOf(value: unknown): Citation[] {
  if (typeof value !== 'object' || value === null) return []
  const source = textOf(value, 'source')
  const quote = textOf(value, 'quote')
  if (source === undefined && quote === undefined) return []
  return [
    {
      source: (source ?? '')
        .trim()
        .toLowerCase()
        .replace(/^sha-?256[:-]/, ''),
      quote: quote ?? '',
    },
  ]
}

function textOf(value: object, name: string): string | undefined {
  const member: unknown = Object.entries(value).find(([key]) => key === name)?.[1]
  return typeof member === 'string' ? member : undefined
}
