import type { Difference, Json } from '@azora/contracts'

/** Where two values differ: the first places, and how many there are beyond. */
export interface Diff {
  differences: Difference[]
  more: number
}

const DIFFERENCES_MAX = 50
const VALUE_CHARACTERS_MAX = 2_000
/** What is shown of a long text before the place where it differs. */
const LEAD_CHARACTERS = 200

/**
 * Compares two JSON values place by place; objects by member, arrays by position. No difference means that their canonical
 * JSON (RFC 8785) is the same.
 */
export function diffOf(recorded: Json | undefined, now: Json | undefined): Diff {
  const diff: Diff = { differences: [], more: 0 }
  visit('', recorded, now, (difference) => {
    if (diff.differences.length < DIFFERENCES_MAX) diff.differences.push(difference())
    else diff.more += 1
  })
  return diff
}

function visit(
  pointer: string,
  recorded: Json | undefined,
  now: Json | undefined,
  found: (difference: () => Difference) => void,
): void {
  // `0` and `-0` are written the same way.
  if (recorded === now) return
  if (Array.isArray(recorded) && Array.isArray(now)) {
    const length = Math.max(recorded.length, now.length)
    for (let at = 0; at < length; at += 1) visit(`${pointer}/${at}`, recorded[at], now[at], found)
  } else if (isObject(recorded) && isObject(now)) {
    const names = new Set([...Object.keys(recorded), ...Object.keys(now)])
    for (const name of [...names].sort()) {
      const token = name.replaceAll('~', '~0').replaceAll('/', '~1')
      visit(`${pointer}/${token}`, memberOf(recorded, name), memberOf(now, name), found)
    }
  } else found(() => differenceAt(pointer, recorded, now))
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const memberOf = (object: { [name: string]: Json }, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined

function differenceAt(pointer: string, recorded: Json | undefined, now: Json | undefined): Difference {
  const from = typeof recorded === 'string' && typeof now === 'string' ? parting(recorded, now) : 0
  return {
    pointer,
    ...(recorded !== undefined && { recorded: shown(recorded, from) }),
    ...(now !== undefined && { now: shown(now, from) }),
  }
}

/** Where two texts part. */
function parting(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return at
  return length
}

/** The value whole, or the part of its text around the place that matters. */
function shown(value: Json, from: number): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= VALUE_CHARACTERS_MAX) return value
  const start = Math.max(0, from - LEAD_CHARACTERS)
  const part = text.slice(start, start + VALUE_CHARACTERS_MAX).toWellFormed()
  return `${start > 0 ? '…' : ''}${part}${start + VALUE_CHARACTERS_MAX < text.length ? '…' : ''}`
}
