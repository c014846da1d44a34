import { AzoraError } from './errors.ts'
import { type JsonFault, readJson, type StrictJson } from './json-reader.ts'

export type { StrictJson }

export const JSON_DEPTH_MAX = 64

/**
 * Parses JSON that any two parsers understand in the same way (I-JSON, RFC 7493), so that what was judged is what is
 * done. Throws `json_duplicate_key`, `json_number_out_of_range`, `json_too_deep` or `json_invalid`, each with the JSON
 * pointer (RFC 6901) of the fault in its details:
 *
 * - member names that occur twice in one object, also with equal values or differently escaped
 * - numbers beyond ±(2^53 − 1) by their value, such as 1e400 and 9007199254740993.0
 * - strings and names with half of a surrogate pair, and bytes that are not UTF-8; a byte order mark is no JSON either
 * - `__proto__`, and `prototype` in an object called `constructor`
 *
 * lossless-json does not suit: it lets duplicates with equal values pass, does not bound the depth and names no pointer.
 * JSON.parse does the work here. The duplicates that it hides show in a count: the text has more member names than the
 * value has members. Texts with a fault are read a second time, to say where it is, and so are texts with escapes in
 * member names: V8 may answer a wrong name for those, as an earlier text decides (nodejs/node issue 63785).
 *
 * @param source text, or its UTF-8 bytes
 * @param depthMax how many arrays and objects may be open at one time
 */
export function parseStrictJson(source: string | Uint8Array, depthMax: number = JSON_DEPTH_MAX): StrictJson {
  const text = typeof source === 'string' ? source : decode(source)
  const quick = parseQuickly(text, depthMax)
  if (quick !== undefined) return quick
  const reading = readJson(text, depthMax)
  if ('fault' in reading) throw refusal(reading.fault)
  return reading.value
}

/** The value, when it is certain at once that the text has no fault. */
function parseQuickly(text: string, depthMax: number): StrictJson | undefined {
  try {
    const value: StrictJson = JSON.parse(text)
    return membersIn(value, depthMax) === namesIn(text) ? value : undefined
  } catch {
    return undefined
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw refusal({ code: 'json_invalid', pointer: '', message: 'it is not UTF-8' })
  }
}

const POINTER_CHARS_MAX = 200

function refusal({ code, message, pointer }: JsonFault): AzoraError {
  const place = pointer.length <= POINTER_CHARS_MAX ? pointer : `${pointer.slice(0, POINTER_CHARS_MAX).toWellFormed()}…`
  return new AzoraError('fix', code, `the JSON can't be accepted: ${message} (at ${place || 'the top'})`, {
    remedy: 'Send JSON in UTF-8 with unique member names and numbers within ±9007199254740991; larger ones as strings.',
    details: [{ pointer: place, message }],
  })
}

/** How many members all objects in the value have; NaN when it holds what is not accepted. */
function membersIn(value: StrictJson, depthLeft: number): number {
  if (typeof value === 'string') return value.isWellFormed() ? 0 : Number.NaN
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? 0 : Number.NaN
  if (value === null || typeof value === 'boolean') return 0
  if (depthLeft === 0) return Number.NaN
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) members += membersIn(item, depthLeft - 1)
    return members
  }
  for (const [name, item] of Object.entries(value)) {
    if (name === '__proto__' || !name.isWellFormed()) return Number.NaN
    if (name === 'constructor' && item !== null && typeof item === 'object' && Object.hasOwn(item, 'prototype'))
      return Number.NaN
    members += 1 + membersIn(item, depthLeft - 1)
  }
  return members
}

const QUOTE = '"'
const BACKSLASH = '\\'
const BACKSLASH_CODE = 0x5c
const SPACE_CODE = 0x20
const COLON_CODE = 0x3a

/** How many member names a valid JSON text has: strings with a colon behind them. NaN when one is written with escapes. */
function namesIn(text: string): number {
  let names = 0
  let backslash = text.indexOf(BACKSLASH)
  for (let start = text.indexOf(QUOTE); start !== -1; ) {
    let end = text.indexOf(QUOTE, start + 1)
    while (isEscaped(text, end)) end = text.indexOf(QUOTE, end + 1)
    let next = end + 1
    while (text.charCodeAt(next) <= SPACE_CODE) next += 1
    if (backslash !== -1 && backslash < start) backslash = text.indexOf(BACKSLASH, start)
    if (text.charCodeAt(next) === COLON_CODE) {
      if (backslash !== -1 && backslash < end) return Number.NaN
      names += 1
    }
    start = text.indexOf(QUOTE, next)
  }
  return names
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH_CODE) backslashes += 1
  return backslashes % 2 === 1
}
