import { SCIM_LIMITS } from '@azora/contracts'
import { invalidFilter } from '../errors.ts'

/** A word is an attribute path, an operator or a literal such as `true`. */
export type Token =
  | { kind: 'word'; text: string }
  | { kind: 'value'; value: string | number }
  | { kind: 'bracket'; text: '(' | ')' | '[' | ']' }

/** Alternatives begin with different characters and repeat nothing in two ways, so that it takes one pass. */
const TOKEN = /( +)|("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)|([A-Za-z$][\w$.:-]*)|([()[\]])/y

/** The tokens of a filter or a path (RFC 7644, figure 1). Throws `scim_filter_invalid`. */
export function tokensOf(text: string): Token[] {
  if (text.length > SCIM_LIMITS.filterChars)
    throw invalidFilter(`it is longer than ${SCIM_LIMITS.filterChars} characters`)
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const [, space, quoted, number, word, bracket] = TOKEN.exec(text) ?? []
    if (quoted !== undefined) tokens.push({ kind: 'value', value: jsonOf(quoted, at) })
    else if (number !== undefined) tokens.push({ kind: 'value', value: jsonOf(number, at) })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word })
    else if (bracket !== undefined) tokens.push({ kind: 'bracket', text: bracket as '(' })
    else if (space === undefined) throw invalidFilter(`nothing of a filter begins at character ${at + 1}`)
  }
  return tokens
}

/** Texts and numbers are those of JSON (RFC 7644, section 3.4.2.2). */
function jsonOf(text: string, at: number): string | number {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidFilter(`the value at character ${at + 1} is not as in JSON`)
  }
}
