import { AzoraError } from '@azora/base'

/** Called for each value, and for each key of an object as a string of its own. */
export type Visitor = (value: unknown, pointer: () => string) => void

const MAX_VALUES = 200_000
const MAX_DEPTH = 256

interface Place {
  readonly parent: Place | undefined
  readonly key: string
  readonly depth: number
}

/**
 * Visits every value of a JSON document, without recursion. Throws `input_too_large` beyond 200,000 values or a depth of 256,
 * so that the caller judges the whole document or none of it.
 */
export function walkJson(document: unknown, visit: Visitor): void {
  const open: Array<{ value: unknown; place: Place | undefined }> = [{ value: document, place: undefined }]
  let seen = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, place } = next
    seen += 1
    if (seen > MAX_VALUES) throw new AzoraError('fix', 'input_too_large', `more than ${MAX_VALUES} JSON values`)
    visit(value, () => pointerTo(place))
    if (typeof value !== 'object' || value === null) continue
    const depth = (place?.depth ?? 0) + 1
    if (depth > MAX_DEPTH) throw new AzoraError('fix', 'input_too_large', `JSON nested deeper than ${MAX_DEPTH}`)
    for (const [key, child] of Object.entries(value)) {
      const childPlace = { parent: place, key, depth }
      if (!Array.isArray(value)) visit(key, () => pointerTo(childPlace))
      open.push({ value: child, place: childPlace })
    }
  }
}

/** RFC 6901. */
function pointerTo(place: Place | undefined): string {
  const keys: string[] = []
  for (let at = place; at; at = at.parent) keys.push(at.key.replaceAll('~', '~0').replaceAll('/', '~1'))
  return keys.length === 0 ? '(root)' : `/${keys.reverse().join('/')}`
}
