import { decodedPieces } from './codes.ts'

const REVERSAL =
  /backwards?|reverse|mirror|right to left|last to first|end to (?:start|beginning)|rückwärts|spiegel|à l'envers|al revés|al contrario|de trás|wstecz|tersten|задом|наоборот|倒(?:着|序)|逆(?:から|さ)|मोड़|معكوس/i
const CIPHER =
  /rot-?\d|caesar|c[ae]sar|cipher|cypher|chiff|cifra|шифр|decod|decrypt|entschlüssel|shift(?:ed)? |暗号|密码文|شفرة/i
/** Words of English that are no words in the other direction, and those that are frequent under rot13. */
const REVERSED =
  /(?<![a-z])(?:eht|dna|ruoy|siht|htiw|morf|uoy|lla|ton od|snoitcurtsni|noitcurtsni|suoiverp|erongi|dragersid|tegrof|sdrowssap|drowssap|resu|tnega|tnatsissa|tpmorp|metsys|eteled|dnes)(?![a-z])/gi
const ROTATED =
  /(?<![a-z])(?:gur|naq|lbhe|lbh|nyy|cerivbhf|vafgehpgvbaf?|vtaber|qvfertneq|sbetrg|cnffjbeqf?|cyrnfr|hfre|ntrag|flfgrz|cebzcg|qryrgr)(?![a-z])/gi
const COMMON =
  /(?<![a-z])(?:the|and|all|you|your|to|of|this|instructions?|previous|ignore|forget|user|send|delete)(?![a-z])/g
const ENOUGH_WORDS = 3
const BEFORE = 4000
const AFTER = 8000
const MAX_LINES = 40

/** What coded pieces of a text stand for, and what they stand for if that is coded again. */
export function decodedFrom(text: string): string[] {
  const pieces = decodedPieces(text)
  return [...pieces, ...pieces.flatMap(decodedPieces)]
}

/** What a text may say in the other direction or under a cipher, where it speaks of one or looks like it. */
export const turnedIn = (text: string): string[] => [...asOne(linesToTurn(text).map(backwards)), ...decipheredIn(text)]

/** What it may say when its words are read from last to first. */
export const reorderedIn = (text: string): string[] =>
  REVERSAL.test(text)
    ? asOne(
        linesToTurn(text).map((line) =>
          line
            .split(/[\s,]+/)
            .reverse()
            .join(' '),
        ),
      )
    : []

const asOne = (lines: readonly string[]): string[] => (lines.length === 0 ? [] : [lines.join('\n\n')])

function linesToTurn(text: string): string[] {
  const near =
    nearHint(text, REVERSAL) ?? (distinct(text, REVERSED) >= ENOUGH_WORDS ? text.slice(0, BEFORE + AFTER) : '')
  return near
    .split('\n')
    .filter((line) => line.length > 20)
    .slice(0, MAX_LINES)
}

function decipheredIn(text: string): string[] {
  const hinted = nearHint(text, CIPHER)
  if (hinted !== undefined) return [rotate(hinted, 13), ...likelyShift(hinted)]
  return distinct(text, ROTATED) >= ENOUGH_WORDS ? [rotate(text.slice(0, BEFORE + AFTER), 13)] : []
}

/** The text under the shift that gives the most frequent words, where one does. */
function likelyShift(text: string): string[] {
  let best = ''
  let most = (text.toLowerCase().match(COMMON)?.length ?? 0) / 2 + ENOUGH_WORDS - 1
  const sample = text.toLowerCase()
  for (let shift = 1; shift < 26; shift += 1) {
    const count = rotate(sample, shift).match(COMMON)?.length ?? 0
    if (count > most) [best, most] = [rotate(text, shift), count]
  }
  return best === '' ? [] : [best]
}

function nearHint(text: string, hint: RegExp): string | undefined {
  const found = hint.exec(text)
  return found ? text.slice(Math.max(0, found.index - BEFORE), found.index + AFTER) : undefined
}

const distinct = (text: string, words: RegExp): number =>
  new Set(text.match(words)?.map((word) => word.toLowerCase())).size

const backwards = (line: string): string => [...line].reverse().join('')

/** Only letters of English turn; what is written in others is no part of the cipher. */
const rotate = (text: string, by: number): string =>
  text.replaceAll(/\P{ASCII}+/gu, ' ').replaceAll(/[a-z]/gi, (letter) => {
    const start = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - start + by) % 26) + start)
  })

const OVERRIDE = '\u202e'
/** From a right-to-left override to where it ends (UAX #9, X3 and X7). */
const OVERRIDDEN = /\u202e([^\u202c\u2069\n\r\u2029]{4,4000})/g

/** What is shown in the other direction than it is written. */
export const overriddenIn = (text: string): string[] =>
  text.includes(OVERRIDE)
    ? [...text.matchAll(OVERRIDDEN)].slice(0, MAX_LINES).map(([, run = '']) => backwards(run))
    : []
