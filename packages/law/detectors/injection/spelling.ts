/** Tricks of spelling that a model reads through: styled alphabets, gaps, digits for letters, swapped letters. */
const SPACED = /(?<![\p{L}\d])(?:\p{L}[ \t._*\u00b7-]{1,2}){4,}\p{L}(?![\p{L}\d])/gu
const SPACED_LINE = /(?<![\p{L}\d])(?:\p{L}[ \t._*\u00b7-]{1,4}){8,}\p{L}(?![\p{L}\d])/gu
const LEET_WORD = /\b(?=[a-z@$]*[013457][a-z@$0-9]*[a-z])[a-z0134578@$']{3,}\b/gi
const LEET: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  '@': 'a',
  $: 's',
}
const MIN_LEET = 3

const STYLED =
  /[\u1d00-\u1d22\u0262\u026a\u0274\u0280\u028f\u029c\u029f\u0299\ua730\ua731]{2}|[\u{1f1e6}-\u{1f1ff}]{4}/u
const SMALL_CAPITALS = new Map(
  [...'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ'].map((letter, at) => [letter, 'abcdefghijklmnopqrstuvwyz'.charAt(at)]),
)
const REGIONAL_A = 0x1f1e6

/** Letters of small capitals and of flags as plain ones. */
export const plainLetters = (text: string): string =>
  STYLED.test(text)
    ? text
        .replaceAll(/[\u0250-\u02af\u1d00-\u1d22\ua730\ua731\u01eb]/g, (letter) => SMALL_CAPITALS.get(letter) ?? letter)
        .replaceAll(/[\u{1f1e6}-\u{1f1ff}]/gu, (flag) =>
          String.fromCharCode(97 + (flag.codePointAt(0) ?? REGIONAL_A) - REGIONAL_A),
        )
    : text

const STACKED = /(?<=[a-z ]\p{M}*)\p{M}/giu

/** Without marks that no language puts on Latin letters, such as a stroke through each. */
export const withoutMarks = (text: string): string =>
  /[a-z]\p{M}/iu.test(text) ? text.normalize('NFC').replaceAll(STACKED, '') : text

/** One word a line. */
const COLUMN = /(?:(?<=^|\n)[ \t]*[^\s]{1,15}(?:[ \t][^\s]{1,15})?[ \t]*\n{1,3}){4,}/g
const CHAINED = /(?<![\w/.])[a-z]{2,}(?:_[a-z]{1,}){4,}/gi
const CAMEL = /(?<![\w/.])[A-Z]?[a-z]+(?:[A-Z][a-z]+){5,}/g

/** With the gaps between words and without those in them. */
export function respaced(text: string): string {
  let plain = text
  if (plain.search(SPACED) >= 0) plain = closeUp(plain)
  if (plain.includes('\n')) plain = plain.replaceAll(COLUMN, (lines) => lines.replaceAll(/\s+/g, ' '))
  if (plain.includes('_')) plain = plain.replaceAll(CHAINED, (words) => words.replaceAll('_', ' '))
  return plain.replaceAll(CAMEL, (words) => words.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' '))
}

/** `I g n o r e   p r e v i o u s` becomes two words, where the gaps between words are wider. */
const closeUp = (text: string): string =>
  text
    .replaceAll(SPACED_LINE, (line) =>
      line
        .split(/[._*\u00b7-]/.test(line) ? /[ \t]+/ : /[ \t]{2,}/)
        .map((word) => word.replaceAll(/[^\p{L}]/gu, ''))
        .join(' '),
    )
    .replaceAll(SPACED, (word) => word.replaceAll(/[^\p{L}]/gu, ''))

export const withoutDigits = (text: string): string =>
  (text.match(LEET_WORD)?.length ?? 0) < MIN_LEET
    ? text
    : text.replaceAll(/\b[a-z0-9@$']{2,}\b/gi, (word) =>
        /[a-z]/i.test(word) ? word.replaceAll(/[0134578@$]/g, (sign) => LEET[sign] ?? sign) : word,
      )

const GARBLED = new Map<string, string>()
const SHAPES = new Set<string>()
for (const word of 'ignore disregard forget previous earlier instructions instruction system prompt password assistant delete everything reveal commands forward'.split(
  ' ',
)) {
  GARBLED.set(letters(word), word)
  SHAPES.add(shape(word))
}

/** First and last letter, and the letters between in order of the alphabet. */
function letters(word: string): string {
  return `${word[0]}${[...word.slice(1, -1)].sort().join('')}${word.at(-1)}`
}

function shape(word: string): string {
  return `${word[0]}${word.at(-1)}${word.length}`
}

/** Words whose inner letters were swapped as they are written. Takes text in lower case. */
export const ungarbled = (text: string): string =>
  text.replaceAll(/[a-z]{6,12}/g, (word) => (SHAPES.has(shape(word)) ? (GARBLED.get(letters(word)) ?? word) : word))
