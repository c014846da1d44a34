import { foldLookAlikes } from '../../facts/look-alikes.ts'
import { decodedFrom, overriddenIn, reorderedIn, turnedIn } from './decode.ts'
import { plainLetters, respaced, ungarbled, withoutDigits, withoutMarks } from './spelling.ts'

/** A way to read a text. */
export interface Layer {
  text: string
  /** `concealed` when people don't see it, `encoded` when they can't read it as it stands, `turned` when it is a guess. */
  hidden: 'no' | 'concealed' | 'encoded' | 'turned'
}

const MAX_LENGTH = 1_000_000
const SHORTEST = 12
const SHORTEST_IDEOGRAPHS = 6
/** Long runs say nothing, and would make searching slow. */
const BLANK_LINES = /[\r\n]\s*[\r\n]/g
const BLANKS = /[ \t\u00a0]{9,}/g
const IDEOGRAPHS = /[\u3040-\u30ff\u4e00-\u9fff]/

/** Every way in which a model may read a text: as it looks, and what is hidden in it. */
export function layersOf(value: string): Layer[] {
  if (value.length < (IDEOGRAPHS.test(value) ? SHORTEST_IDEOGRAPHS : SHORTEST)) return []
  const whole = value.slice(0, MAX_LENGTH).replaceAll(BLANK_LINES, '\n\n').replaceAll(BLANKS, '        ')
  const tagged = taggedText(whole)
  const unescaped = resolveEscapes(visibleLetters(whole))
  const layers: Layer[] = [{ text: smooth(unescaped), hidden: isInterleaved(whole) ? 'concealed' : 'no' }]
  const hidden = [
    ...tagged,
    ...(unescaped.includes('<') || unescaped.includes('[') || unescaped.includes('{') ? concealedIn(unescaped) : []),
  ]
  for (const text of hidden) if (text.length >= SHORTEST) layers.push({ text: smooth(text), hidden: 'concealed' })
  const coded = [...overriddenIn(whole), ...decodedFrom(unescaped)]
  for (const text of coded) layers.push({ text: smooth(text), hidden: 'encoded' })
  for (const text of turnedIn(unescaped)) layers.push({ text: smooth(text), hidden: 'turned' })
  for (const text of reorderedIn(unescaped)) layers.push({ text: smooth(text), hidden: 'no' })
  return layers
}

const TAGS = /[\u{e0020}-\u{e007e}]{4,}/gu
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu

/** What is written in tag characters, which no font shows (Unicode, section 23.9). */
const taggedText = (text: string): string[] =>
  text.includes('\udb40')
    ? [...text.replaceAll(FLAG, '').matchAll(TAGS)].map(([tags]) =>
        [...tags].map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000)).join(''),
      )
    : []

const MAY_HIDE = /\p{Default_Ignorable_Code_Point}/u
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
const INTERLEAVED = /(?:[a-z](?:\u200b|\u200c|\u200d|\u2060|\ufeff|\u00ad|\u2062|\u2063|\u2064)){4}/i

const isInterleaved = (text: string): boolean => INTERLEAVED.test(text)

const LATIN_WORD = /[a-z]{2}/i
const IMITATION =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\uff01-\uff5e\u{1d400}-\u{1d7ff}\u2100-\u214f\u2460-\u24ff\u{1f130}-\u{1f189}]/u
const WORD = /[\p{L}\p{M}]+/gu

/** Without invisible characters; words that mix scripts in those of the Latin alphabet. */
function visibleLetters(text: string): string {
  const shown = plainLetters(withoutMarks(MAY_HIDE.test(text) ? text.replaceAll(INVISIBLE, '') : text))
  if (!IMITATION.test(shown)) return shown
  const plain = shown.normalize('NFKC')
  if (!LATIN_WORD.test(plain)) return plain
  return plain.replaceAll(WORD, (word) => (isMixed(word) ? foldLookAlikes(word) : word))
}

const isMixed = (word: string): boolean =>
  /\p{Script=Latin}/u.test(word)
    ? /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(word)
    : isImitation(word)

/** A word of nothing but letters that look like Latin ones, in which no Russian word of this length is written. */
const isImitation = (word: string): boolean =>
  word.length > 1 && /^[аеорсхуіѕјһԁ]+$/iu.test(word) && /[іѕјһԁ]/iu.test(word)

const ENTITY = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi
const NAMED = new Map([
  ['&nbsp;', ' '],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&amp;', '&'],
])

/** Resolves the escapes of HTML, JSON and URLs. */
function resolveEscapes(text: string): string {
  let plain = text
  if (plain.includes('&')) {
    plain = plain
      .replaceAll(
        ENTITY,
        (all, hex?: string, decimal?: string) =>
          character(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)) ?? all,
      )
      .replaceAll(/&(?:nbsp|lt|gt|quot|apos|amp);/g, (name) => NAMED.get(name) ?? name)
  }
  if (plain.includes('\\')) {
    plain = plain
      .replaceAll(
        /\\u\{?([0-9a-f]{4,6})\}?|\\x([0-9a-f]{2})/gi,
        (all, long?: string, short?: string) => character(Number.parseInt(long ?? short ?? '', 16)) ?? all,
      )
      .replaceAll(/\\[nrt]/g, '\n')
  }
  if (/(?:%[2-7][0-9a-f][a-z]{0,12}){3}/i.test(plain)) {
    plain = plain.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
  return plain
}

const character = (code: number): string | undefined =>
  code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : undefined

const COMMENT_START = '<!--'
const COMMENT_END = '-->'
const TAG = /<(\w{1,20})\b([^<>]{0,1000})>/g
const CONCEALING =
  /\bhidden\b|aria-hidden\s*=\s*["']?true|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|em|%)?\b|opacity\s*:\s*0(?:\.0\d*)?(?![.\d])|left\s*:\s*-\d{3,}|text-indent\s*:\s*-\d{3,}|clip-path\s*:\s*inset\((?:50|100)%|(?<![\w-])(?:height|width)\s*:\s*0|(?<![\w-])color\s*:\s*(?:transparent|#fff(?:fff)?\b|white)|class\s*=\s*["'][^"']{0,100}(?:sr-only|visually-hidden)/i
const MAX_CONCEALED_LENGTH = 20_000
const ATTRIBUTE =
  /\b(?:alt|title|aria-label|aria-description|placeholder|content|data-[\w-]+|summary|label)\s*=\s*(?:"([^"]{12,2000})"|'([^']{12,2000})')/gi
const MARKDOWN_HIDDEN =
  /^\[(?:\/\/|comment|_|hidden)[^\]]{0,20}\]:\s*(?:#|<>|\S+)?\s*["'(]([\s\S]{0,2000}?)["')]\s*$/gim
const LINK_TITLE = /\]\(\s*\S{1,500}\s+["']([^"']{12,2000})["']\s*\)|!\[([^\][]{12,2000})\]/g
const LATEX_HIDDEN = /\\(?:textcolor|color)\{white\}\{([^}]{12,2000})\}|\{\\(?:tiny|color\{white\})\s([^}]{12,2000})\}/g
const MAX_CONCEALED = 100

function concealedIn(text: string): string[] {
  return [
    ...commentsIn(text),
    ...concealedElements(text),
    ...groups(text, ATTRIBUTE),
    ...groups(text, MARKDOWN_HIDDEN),
    ...groups(text, LINK_TITLE),
    ...groups(text, LATEX_HIDDEN),
  ]
}

function groups(text: string, pattern: RegExp): string[] {
  const found: string[] = []
  for (const match of text.matchAll(pattern)) {
    found.push(match.slice(1).find((group) => group !== undefined) ?? '')
    if (found.length >= MAX_CONCEALED) break
  }
  return found
}

function commentsIn(text: string): string[] {
  const found: string[] = []
  for (let from = text.indexOf(COMMENT_START); from >= 0 && found.length < MAX_CONCEALED; ) {
    const end = text.indexOf(COMMENT_END, from)
    const to = end < 0 ? text.length : end
    found.push(text.slice(from + COMMENT_START.length, Math.min(to, from + MAX_CONCEALED_LENGTH)))
    from = text.indexOf(COMMENT_START, to)
  }
  return found
}

/** The text of elements that a style or an attribute conceals, up to where an element of that name ends. */
function concealedElements(text: string): string[] {
  const found: string[] = []
  for (const { 0: tag, 1: name = '', 2: attributes = '', index } of text.matchAll(TAG)) {
    if (!CONCEALING.test(attributes)) continue
    const from = index + tag.length
    const within = text.slice(from, from + MAX_CONCEALED_LENGTH)
    const end = within.indexOf(`</${name}`)
    found.push(end < 0 ? within : within.slice(0, end))
    if (found.length >= MAX_CONCEALED) break
  }
  return found
}

const SYMBOL = /[\p{Extended_Pictographic}\u2500-\u27bf\u2b00-\u2bff\u{1f000}-\u{1faff}]/u
const SYMBOLS = new RegExp(SYMBOL, 'gu')

/** Of Markdown; an underscore within a name is part of it. */
const EMPHASIS =
  /[*`~]{1,3}(?=\p{L})|(?<=\p{L})[*`~]{1,3}|(?<![\p{L}\d])_{1,3}(?=\p{L})|(?<=\p{L})_{1,3}(?![\p{L}\d])/gu
/** Agents that are people, programs of another kind or substances. */
const OTHER_AGENTS =
  /\b(user|travel|estate|letting|leasing|insurance|sales|press|literary|customs|shipping|booking|ticketing|transfer|patent|federal|special|secret|free|cleaning|foaming|reducing|blowing|contrast|wetting|bleaching|escrow|fiscal|registered|service|cent(?:er|re)|human|ssh|https?|proxy|snmp|build|gpg|land|field)[- ]agents?\b/g

/** A text as it sounds: in lower case, without markup, line ends and tricks of spelling. */
function smooth(text: string): string {
  let plain = text
  if (plain.includes('<'))
    plain = plain
      .replaceAll(/<!--[^<>]{0,20000}>/g, ' ')
      .replaceAll(
        /<\/?(?:t[dhr]|table|tbody|thead|p|div|span|b|i|em|strong|u|a|li|ul|ol|h[1-6]|br|font|small|section|article|figcaption|body|html|script|style|img|label|sup|sub|code|pre)\b[^<>]{0,1000}>/gi,
        ' ',
      )
  plain = plain.replaceAll(/(?<=^|\n)[ \t]*(?:\/\/+|#(?!#)|\*|--|;|>|\/\*\*?|%)+[ \t]?/g, ' ')
  if (SYMBOL.test(plain)) plain = plain.replaceAll(SYMBOLS, ' ')
  plain = respaced(plain)
  plain = plain.replaceAll(/`([^`\n]{12,300})`/g, '"$1"')
  plain = plain.replaceAll(EMPHASIS, '').replaceAll(/[\u2018\u2019]/g, "'")
  plain = withoutDigits(plain)
    .replaceAll(/[ \t\u00a0\u3000]+/g, ' ')
    .replaceAll(/\n {0,9}(?!\s{0,9}\n)(?=[a-z\u00df-\u00ff])/g, ' ')
    .trim()
    .toLowerCase()
  if (plain.includes('agent')) plain = plain.replaceAll(OTHER_AGENTS, '$1 party')
  return ungarbled(plain)
}
