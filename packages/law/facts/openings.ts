/** A pattern whose matches can be found by how they begin. */
export interface Opened {
  /** Beginnings, at least two characters each, of which every match has one; in any case where the pattern ignores it. */
  readonly openings: readonly string[]
  /** Sticky. */
  readonly pattern: RegExp
}

interface Entry<T> {
  finder: T
  opening: string
  exact: boolean
}

/** Three characters as one number, of which only the last five bits count: letters are the same in any case. */
const BITS = 5
const MASK = 0x7fff
const step = (hash: number, code: number): number => ((hash << BITS) | (code & 31)) & MASK

const hashesOf = (opening: string): number[] => {
  const [first = 0, second = 0, third] = [...opening.slice(0, 3)].map((character) => character.charCodeAt(0))
  const start = step(step(0, first), second)
  return third === undefined ? Array.from({ length: 32 }, (_, code) => step(start, code)) : [step(start, third)]
}

/**
 * A function that finds every match of many patterns in one pass over a text. Only where a text holds the first three
 * characters of a pattern is that pattern tried. Matches of one pattern never overlap, as with `matchAll`.
 */
export function createScanner<T extends Opened>(
  finders: readonly T[],
): (text: string, found: (finder: T, match: RegExpExecArray) => void) => void {
  const marks = new Uint32Array((MASK + 1) >> BITS)
  const entries = new Map<number, Array<Entry<T>>>()
  for (const finder of finders) {
    for (const opening of finder.openings) {
      for (const hash of hashesOf(opening)) {
        marks[hash >> BITS] = (marks[hash >> BITS] ?? 0) | (1 << (hash & 31))
        entries.set(hash, [
          ...(entries.get(hash) ?? []),
          { finder, opening, exact: !finder.pattern.flags.includes('i') },
        ])
      }
    }
  }
  return (text, found) => {
    const ends = new Map<T, number>()
    let hash = 0
    for (let at = 0; at < text.length; at += 1) {
      hash = step(hash, text.charCodeAt(at))
      if ((((marks[hash >> BITS] ?? 0) >>> (hash & 31)) & 1) === 0 || at < 2) continue
      for (const { finder, opening, exact } of entries.get(hash) ?? []) {
        const start = at - 2
        if ((exact && !text.startsWith(opening, start)) || (ends.get(finder) ?? 0) > start) continue
        finder.pattern.lastIndex = start
        const match = finder.pattern.exec(text)
        if (!match) continue
        ends.set(finder, start + match[0].length)
        found(finder, match)
      }
    }
  }
}
