/** Deeper values are rare, and for the canonicalizer that takes any. */
const DEPTH_MAX = 100
/** Names that an object keeps before all others, whatever their order. */
const INDEX_LIKE = /^\d/
/** Anything but characters that are written as they are: quotes, backslashes, controls, and halves of surrogate pairs. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\uffff]/
/** Names of members repeat: these many are known as they are written. */
const NAMES_MAX = 4_096
const FEW = 24

const UNUSUAL = new Error('this value is for the canonicalizer')

/**
 * The canonical form (RFC 8785) of ordinary values, in a quarter of the time of a canonicalizer for any. Undefined for what needs a
 * closer look, such as names that begin with a digit or text that is no Unicode.
 */
export function quickCanonical(value: unknown): string | undefined {
  try {
    return textOf(value, DEPTH_MAX)
  } catch (thrown) {
    if (thrown === UNUSUAL) return undefined
    throw thrown
  }
}

function textOf(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'number':
      // Numbers are written as ECMAScript writes them (RFC 8785, section 3.2.2.3).
      if (Number.isFinite(value)) return `${value}`
      throw UNUSUAL
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (depth === 0 || 'toJSON' in value) throw UNUSUAL
      return Array.isArray(value) ? listText(value, depth - 1) : objectText(value, depth - 1)
    default:
      throw UNUSUAL
  }
}

function quoted(text: string): string {
  if (!ESCAPED.test(text)) return `"${text}"`
  if (text.isWellFormed()) return JSON.stringify(text)
  throw UNUSUAL
}

function listText(list: readonly unknown[], depth: number): string {
  let text = '['
  for (let at = 0; at < list.length; at += 1) text += (at === 0 ? '' : ',') + textOf(list[at], depth)
  return `${text}]`
}

function objectText(value: object, depth: number): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw UNUSUAL
  const members = value as Record<string, unknown>
  let text = '{'
  for (const name of namesOf(value)) {
    const member = members[name]
    if (member === undefined) continue
    text += (text === '{' ? '' : ',') + nameText(name) + textOf(member, depth)
  }
  return `${text}}`
}

/** In the order of their UTF-16 units. The sort of V8 takes memory, which costs more than to put a few in order one by one. */
function namesOf(value: object): string[] {
  const names = Object.keys(value)
  if (names.length > FEW) return names.sort()
  for (let at = 1; at < names.length; at += 1) {
    const name = names[at] as string
    let to = at
    for (; to > 0 && (names[to - 1] as string) > name; to -= 1) names[to] = names[to - 1] as string
    names[to] = name
  }
  return names
}

const nameTexts = new Map<string, string>()

/** A name as it is written before its member. */
function nameText(name: string): string {
  const known = nameTexts.get(name)
  if (known !== undefined) return known
  if (INDEX_LIKE.test(name) || name === '__proto__') throw UNUSUAL
  const text = `${quoted(name)}:`
  if (nameTexts.size < NAMES_MAX && name.length <= 64) nameTexts.set(name, text)
  return text
}
