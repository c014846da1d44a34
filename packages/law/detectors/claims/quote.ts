import { plain } from './plain.ts'

/** How a quote fares in its source. */
type Finding = 'found' | 'missing' | 'reversed' | 'undecided'

const ELLIPSIS = /[[(]\s*(?:…|\.{3,}|\. \. \.)\s*[\])]|…|\.{3,}|\. \. \./
/** An editor's note that the quoted text is faithful. */
const SIC = /\[\s*sic!?\s*\]/gi
/** A letter that was put in another case: `[T]he`. */
const BRACKETED_LETTER = /\[(\p{L})\]/gu

const NEGATION =
  /(?:^|[^\p{L}])(?:not|never|no|none|nor|neither|cannot|without|hardly|nicht|nie|niemals|kein(?:e[mnrs]?)?|weder|ohne|jamais|pas|sans|nunca|ningun[ao]?|non)(?!\p{L}| (?:only|fewer|less|more|later|earlier|sooner|until)(?!\p{L}))|n't(?!\p{L})/iu

const MAX_PARTS = 40
const MAX_PLACES = 2000
/** Characters of a gap that can only have been left out for what they say. */
const SHORT_GAP = 30

interface Match {
  start: number
  end: number
}

/** The parts of a quote between its marks of omission. */
export const partsOf = (quote: string): string[] =>
  quote
    .replace(SIC, '')
    .replace(BRACKETED_LETTER, '$1')
    .split(new RegExp(ELLIPSIS, 'g'))
    .map((part) => bare(plain(part)))
    .filter((part) => part !== '')

/** Without the quotation marks around it and the punctuation that ends it, which the quoting sentence decides. */
const bare = (part: string): string => part.replace(/^[\s'.,;:]+(?=[^\d])|^[\s']+/, '').replace(/[\s'.,;:]+$/, '')

/** Looks for the parts of a quote in this order in a source; `source` must be {@link plain}. */
export function findQuote(parts: readonly string[], source: string): Finding {
  if (parts.length > MAX_PARTS) return 'undecided'
  let from = 0
  let before: Match | undefined
  for (const part of parts) {
    const match = findPart(part, source, from)
    if (match === 'undecided' || match === 'missing') return match
    if (before && isReversed(source.slice(before.end, match.start), parts)) return 'reversed'
    before = match
    from = match.end
  }
  return 'found'
}

/** True when the two words before the quote are its negation, which was cut off. */
export function losesNegation(parts: readonly string[], source: string): boolean {
  const [first] = parts
  const match = first === undefined ? 'missing' : findPart(first, source, 0)
  if (typeof match === 'string') return false
  const words =
    source
      .slice(Math.max(0, match.start - SHORT_GAP), match.start)
      .split(/[.!?;:]/)
      .at(-1) ?? ''
  return negates(words.split(' ').slice(-3).join(' '))
}

export const negates = (text: string): boolean => NEGATION.test(text)

const isReversed = (gap: string, parts: readonly string[]): boolean =>
  gap.length <= SHORT_GAP && !/[.!?]/.test(gap) && negates(gap) && !parts.some(negates)

function findPart(part: string, source: string, from: number): Match | 'missing' | 'undecided' {
  // The first letter's case depends on where the quote stands in its sentence.
  const first = String.fromCodePoint(part.codePointAt(0) ?? 0)
  const rest = part.slice(first.length)
  const spellings = [...new Set([part, first.toLowerCase() + rest, first.toUpperCase() + rest])]
  let best: Match | undefined
  for (const spelling of spellings) {
    const match = findWhole(spelling, source, from)
    if (match === 'undecided') return match
    if (match !== 'missing' && (!best || match.start < best.start)) best = match
  }
  return best ?? 'missing'
}

function findWhole(part: string, source: string, from: number): Match | 'missing' | 'undecided' {
  let start = source.indexOf(part, from)
  for (let places = 0; start !== -1; start = source.indexOf(part, start + 1)) {
    const end = start + part.length
    if (!cutsBefore(source, start) && !cutsAfter(source, end)) return { start, end }
    places += 1
    if (places > MAX_PLACES) return 'undecided'
  }
  return 'missing'
}

/** Letters that are written without blanks between words, so that any place may be the end of one. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{M}\p{N}]/u

const joins = (before: string, after: string): boolean =>
  WORD.test(before) && WORD.test(after) && !(UNSPACED.test(before) && UNSPACED.test(after))

/** True when the place is inside a word or a number, or between a number and its sign. */
function cutsBefore(source: string, at: number): boolean {
  const next = source.charAt(at)
  if (/\d/.test(next) && /(?:^|[\s('])-$|\d[.,:]$/.test(source.slice(Math.max(0, at - 2), at))) return true
  return joins(lastOf(source, at), String.fromCodePoint(source.codePointAt(at) ?? 0))
}

function cutsAfter(source: string, at: number): boolean {
  if (/\d/.test(source.charAt(at - 1)) && /^[.,:]\d/.test(source.slice(at, at + 2))) return true
  return joins(lastOf(source, at), String.fromCodePoint(source.codePointAt(at) ?? 0))
}

const lastOf = (source: string, at: number): string => [...source.slice(Math.max(0, at - 2), at)].at(-1) ?? ''
