import type { Text } from '../../facts/subject.ts'
import type { Payload } from './payload.ts'

const TAGS = /[\u{e0020}-\u{e007e}]/gu
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu
/** Zero-width space, word joiner, invisible operators, byte order mark, Mongolian vowel separator. */
const ZERO_WIDTH = /\u200b|[\u2060-\u2064]|\ufeff|\u180e/g
const ZERO_WIDTH_RUN = /(?:\u200b|\u200c|\u200d|[\u2060-\u2064]|\ufeff|\u180e){6,}/
const VARIATION_RUN = /\p{Variation_Selector}{4,}/u
/** Selectors beyond the sixteen of emoji choose one form of one ideograph; in a row they are bytes. */
const VARIATION_CODE = /[\u{e0100}-\u{e01ef}]{6,}/u
const MAY_HIDE = /[\p{Default_Ignorable_Code_Point}\u2800]/u
/** Whatever takes no room or shows nothing; marks of direction and fillers included. */
const INVISIBLE = String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]`
const LONG_RUN = new RegExp(`${INVISIBLE}{12,}`, 'gu')
/** Joiners and spaces of no width between Latin letters, where no spelling has them. */
const AMONG_LATIN = /(?<=[A-Za-z])[\u200b-\u200f\u2060-\u2064\ufeff\u180e]{1,4}(?=[A-Za-z ])/g
const MANY = 24
const MIN_TAGS = 8
const MAX_TEXT = 1_000_000

/** Characters that nobody sees: tags (without the flags that are made of them), zero-width spaces, variation selectors. */
export function invisibleIn({ value, pointer }: Text): Payload | undefined {
  if (!MAY_HIDE.test(value)) return undefined
  const text = value.slice(0, MAX_TEXT)
  const found = { pointer, start: 0, end: value.length }
  if (isMessage(text)) return { ...found, what: 'a message in invisible characters', misplaced: true }
  const tags = tagsIn(text)
  // Joiners between letters are spelling in many languages; spaces of no width hardly ever are.
  const spaces = text.match(ZERO_WIDTH)?.length ?? 0
  if (tags >= 4 || spaces >= MANY || ZERO_WIDTH_RUN.test(text) || VARIATION_RUN.test(text)) {
    return { ...found, what: 'invisible characters', misplaced: false }
  }
  return undefined
}

const tagsIn = (text: string): number => text.replaceAll(FLAG, '').match(TAGS)?.length ?? 0

/** Two kinds of such characters in turn are the digits of a code; one kind over and over may be a spacer. */
function isMessage(text: string): boolean {
  if (tagsIn(text) >= MIN_TAGS || VARIATION_CODE.test(text)) return true
  if ((text.match(LONG_RUN) ?? []).some((run) => isCode(run))) return true
  const scattered = text.match(AMONG_LATIN) ?? []
  return scattered.length >= MANY && isCode(scattered.join(''))
}

const MAX_PERIOD = 4

/** At least two kinds, and not one short pattern that is repeated. */
function isCode(run: string): boolean {
  const symbols = [...run].slice(0, 1000)
  if (new Set(symbols).size < 2) return false
  for (let period = 2; period <= MAX_PERIOD; period += 1) {
    if (symbols.every((symbol, at) => symbol === symbols[at % period])) return false
  }
  return true
}
