const kindOf = (code: number): number => {
  if (code >= 48 && code <= 57) return 1
  if (code >= 65 && code <= 90) return 2
  if (code >= 97 && code <= 122) return 3
  return 4
}

/** Shannon entropy, in bits for each character: about 6 for random base64, 4 for random hexadecimal, 4.2 for English. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

const CAMEL_CASE = /^[A-Za-z]?[a-z]+(?:[A-Z][a-z]{2,}){0,20}$/

const CHUNK = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g
const SHORTEST_WORDS = 3.3

/** Words in mixed case, such as `convertBase64ToHex`: longer than letters in random order stay in one case, with vowels. */
function isOfWords(text: string): boolean {
  if (!/^[A-Za-z\d]+$/.test(text) || !/[A-Z]/.test(text)) return false
  const chunks = text.match(CHUNK) ?? []
  const letters = chunks.reduce((sum, { length }) => sum + length, 0)
  return (
    letters >= chunks.length * SHORTEST_WORDS &&
    chunks.every((chunk) => chunk.length < 4 || /[aeiouy]/i.test(chunk) || /^[A-Z]+$/.test(chunk))
  )
}

/**
 * True for text that a generator of random characters may have made, and not for words, identifiers and numbers. From 16
 * characters on; shorter ones can't be told.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 16 || !/[A-Za-z]/.test(text) || entropyOf(text) < 3) return false
  let changes = 0
  let digits = 0
  for (let at = 0; at < text.length; at += 1) {
    const kind = kindOf(text.charCodeAt(at))
    if (kind === 1) digits += 1
    if (at > 0 && kind !== kindOf(text.charCodeAt(at - 1)) && kind !== 4) changes += 1
  }
  if (isOfWords(text)) return false
  // So few digits that words have them too: the letters have to tell.
  if (digits < 2) {
    const letters = text.replace(/\d/, '')
    return changes >= text.length / 4 && !/[\s._/-]/.test(text) && !CAMEL_CASE.test(letters)
  }
  return changes >= text.length / 8 + 1
}
