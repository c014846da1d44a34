/** Characters that take no room, by which words are cut without looking cut: zero-width, soft hyphen, bidirectional. */
const INVISIBLE =
  /\u00ad|\u034f|\u061c|[\u115f-\u1160]|[\u17b4-\u17b5]|[\u180b-\u180f]|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u2064]|[\u2066-\u206f]|[\ufe00-\ufe0f]|\ufeff|[\u{e0000}-\u{e007f}]/gu
const DASHES = /[\u2010-\u2015\u2212]/g
const BEYOND_ASCII = /[^ -~\t\n\r]/
const OTHER_DIGIT = /[\p{Nd}--[0-9]]/gv
const DIGIT = /\p{Nd}/u

/** The ASCII digit for a decimal digit of Unicode. Blocks of ten begin at a code point that ends in 0 or 6. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  const low = code & 0xf
  const fromZero = low < 6 || (low < 10 && DIGIT.test(String.fromCodePoint(code - low)))
  return String(fromZero ? low : low - 6)
}

/**
 * The text as a person would read it out: without invisible characters, in compatibility form (NFKC), with the digits of
 * every script as ASCII digits and every dash as a hyphen. ASCII text is returned as it is. Offsets don't stay the same.
 */
export function plainText(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text
  return text.replace(INVISIBLE, '').normalize('NFKC').replace(DASHES, '-').replace(OTHER_DIGIT, asciiDigit)
}
