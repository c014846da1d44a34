/** Deeper values are rare, and for the canonicalizer that takes any. */
const DEPTH_MAX = 100
/** Names that an object keeps before all others, whatever their order. */
const INDEX_LIKE = /^\d/

const UNUSUAL = new Error('this value is for the canonicalizer')

/**
 * The canonical form (RFC 8785) of ordinary values, in half the time of a canonicalizer for any: with the members of all objects in
 * order, `JSON.stringify` writes it. Undefined for what needs a closer look, such as names that begin with a digit or text that is
 * no Unicode.
 */
export function quickCanonical(value: unknown): string | undefined {
  try {
    return JSON.stringify(inOrder(value, DEPTH_MAX))
  } catch (thrown) {
    if (thrown === UNUSUAL) return undefined
    throw thrown
  }
}

function inOrder(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      if (value.isWellFormed()) return value
      throw UNUSUAL
    case 'number':
      if (Number.isFinite(value)) return value
      throw UNUSUAL
    case 'boolean':
      return value
    case 'object':
      return value === null ? value : membersInOrder(value, depth - 1)
    default:
      throw UNUSUAL
  }
}

function membersInOrder(value: object, depth: number): unknown {
  if (depth < 0 || 'toJSON' in value) throw UNUSUAL
  if (Array.isArray(value)) return value.map((item) => inOrder(item, depth))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw UNUSUAL
  const members = value as Record<string, unknown>
  const ordered: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    if (INDEX_LIKE.test(name) || name === '__proto__' || !name.isWellFormed()) throw UNUSUAL
    const member = members[name]
    if (member !== undefined) ordered[name] = inOrder(member, depth)
  }
  return ordered
}
