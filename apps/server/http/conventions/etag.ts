import { createHash } from 'node:crypto'

/** A strong entity tag (RFC 9110, section 8.8.3) of a representation: another one for any other byte. */
export const entityTag = (representation: string): string =>
  `"${createHash('sha256').update(representation).digest('base64url').slice(0, 32)}"`

/**
 * Whether a list of entity tags, or `*`, names the strong tag (RFC 9110, sections 13.1.1 and 13.1.2).
 *
 * @param comparison by the weak one, `W/"a"` is the same as `"a"`; by the strong one, it is nothing
 */
export function names(list: string, tag: string, comparison: 'weak' | 'strong'): boolean {
  if (list.trim() === '*') return true
  return [...list.matchAll(/(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g)].some(
    ([, weak, opaque]) => opaque === tag && (weak === undefined || comparison === 'weak'),
  )
}
