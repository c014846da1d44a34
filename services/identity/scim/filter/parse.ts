import { SCIM_LIMITS } from '@azora/contracts'
import { invalidFilter, invalidPath } from '../errors.ts'
import { type Token, tokensOf } from './tokens.ts'

const COMPARISONS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type Comparison = (typeof COMPARISONS)[number]
export type Comparable = string | number | boolean | null

/** What a filter says (RFC 7644, section 3.4.2.2). Paths are as they were written. */
export type Filter =
  | { op: 'and' | 'or'; filters: Filter[] }
  | { op: 'not'; filter: Filter }
  | { op: 'pr'; path: string }
  | { op: Comparison; path: string; value: Comparable }
  /** Some value of a complex attribute fits: `emails[type eq "work"]`. */
  | { op: 'has'; path: string; filter: Filter }

/** `attribute[filter].sub`; the filter and what is behind it may be absent (RFC 7644, figure 7). */
export interface FilteredPath {
  path: string
  filter?: Filter
  sub?: string
}

/** Throws `scim_filter_invalid`. */
export function parseFilter(text: string): Filter {
  const reader = createReader(tokensOf(text))
  const filter = reader.filter()
  reader.end()
  return filter
}

/** The path of a change. Throws `scim_path_invalid` and `scim_filter_invalid`. */
export function parseFilteredPath(text: string): FilteredPath {
  const match = /^([^[\]]+)(?:\[(.*)\](?:\.([A-Za-z$][\w$-]*))?)?$/s.exec(text)
  const [, path, filter, sub] = match ?? []
  if (path === undefined || !/^[A-Za-z$][\w$.:-]*$/.test(path)) throw invalidPath(text)
  return { path, ...(filter !== undefined && { filter: parseValueFilter(filter) }), ...(sub !== undefined && { sub }) }
}

function parseValueFilter(text: string): Filter {
  const reader = createReader(tokensOf(text))
  const filter = reader.filter(true)
  reader.end()
  return filter
}

/** Descends by precedence: "or" binds less than "and", "and" less than "not" and brackets. */
function createReader(tokens: readonly Token[]) {
  let at = 0
  let depth = 0
  let terms = 0

  const isWord = (...texts: string[]): boolean => {
    const token = tokens[at]
    return token?.kind === 'word' && texts.includes(token.text.toLowerCase())
  }
  const isBracket = (text: string): boolean => {
    const token = tokens[at]
    return token?.kind === 'bracket' && token.text === text
  }
  function take(bracket: string): void {
    if (!isBracket(bracket)) throw invalidFilter(`"${bracket}" is missing`)
    at += 1
  }
  function nested(inValue: boolean, close: ')' | ']'): Filter {
    depth += 1
    if (depth > SCIM_LIMITS.filterDepth) throw invalidFilter(`it is deeper than ${SCIM_LIMITS.filterDepth} levels`)
    const inner = filter(inValue)
    take(close)
    depth -= 1
    return inner
  }
  function joined(op: 'and' | 'or', next: () => Filter): Filter {
    const filters = [next()]
    while (isWord(op)) {
      at += 1
      filters.push(next())
    }
    const [only] = filters
    return filters.length === 1 && only ? only : { op, filters }
  }
  const filter = (inValue = false): Filter => joined('or', () => joined('and', () => term(inValue)))

  function term(inValue: boolean): Filter {
    if (isBracket('(')) {
      at += 1
      return nested(inValue, ')')
    }
    const token = tokens[at]
    if (token?.kind !== 'word') throw invalidFilter('an attribute is missing')
    terms += 1
    if (terms > SCIM_LIMITS.filterTerms) throw invalidFilter(`it has more than ${SCIM_LIMITS.filterTerms} terms`)
    at += 1
    if (token.text.toLowerCase() === 'not' && isBracket('(')) {
      at += 1
      return { op: 'not', filter: nested(inValue, ')') }
    }
    if (isBracket('[') && !inValue) {
      at += 1
      return { op: 'has', path: token.text, filter: nested(true, ']') }
    }
    return comparison(token.text)
  }
  function comparison(path: string): Filter {
    const token = tokens[at]
    const op = token?.kind === 'word' ? token.text.toLowerCase() : ''
    at += 1
    if (op === 'pr') return { op, path }
    const known = COMPARISONS.find((one) => one === op)
    if (!known) throw invalidFilter(`an operator is missing behind ${path}`)
    return { op: known, path, value: literal() }
  }
  function literal(): Comparable {
    const token = tokens[at]
    at += 1
    if (token?.kind === 'value') return token.value
    const text = token?.kind === 'word' ? token.text : ''
    if (text === 'true' || text === 'false') return text === 'true'
    if (text === 'null') return null
    throw invalidFilter('a value is missing')
  }
  return {
    filter,
    end(): void {
      if (at < tokens.length) throw invalidFilter('it goes on where it should end')
    },
  }
}
