const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)

/** The first four letters of a word as one number; fewer where the word is shorter. */
const packed = (text: string, at: number): number => {
  let stem = 0
  for (let offset = 0; offset < 4; offset += 1) {
    const code = text.charCodeAt(at + offset)
    if (!isLetter(code)) break
    stem = stem * 32 + (code & 31)
  }
  return stem
}

/** First letters of words, for {@link hasStem}: up to four ASCII letters each. */
export const stemsOf = (words: string): ReadonlySet<number> =>
  new Set(words.split(/\s+/).map((word) => packed(word.slice(0, 4), 0)))

/**
 * True when a word of the text begins with one of the stems, in any case; a capital within a word begins another. Much
 * faster than a pattern of many words. Other letters than those of ASCII always count, as they can't be told this way.
 */
export function hasStem(text: string, stems: ReadonlySet<number>): boolean {
  let inWord = false
  let lower = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 191) return true
    const letter = isLetter(code)
    const capital = code < 97
    if (letter && (!inWord || (capital && lower)) && stems.has(packed(text, at))) return true
    inWord = letter
    lower = letter && !capital
  }
  return false
}
