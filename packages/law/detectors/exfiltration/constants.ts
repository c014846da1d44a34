/**
 * Works out, in a program of any of the usual languages, texts that are put together from constants: sums, joins, formats,
 * reversals, character codes, encodings, and names that stand for a constant. Nothing is run; what isn't understood stays.
 */
export function foldConstants(code: string): string {
  let text = code
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = text
    for (const [pattern, fold] of FOLDS) text = text.replace(pattern, fold)
    text = withNames(text)
    if (text === before || text.length > MAX_LENGTH) return text
  }
  return text
}

const MAX_ROUNDS = 6
const MAX_LENGTH = 200_000

const LITERAL = String.raw`(?:"(?:[^"\\\n]|\\.){0,2000}"|'(?:[^'\\\n]|\\.){0,2000}')`
const LIST = String.raw`\[\s{0,20}(${LITERAL}(?:\s{0,20},\s{0,20}${LITERAL}){0,200})\s{0,20},?\s{0,20}\]`
const CODES = String.raw`[\[{]?\s{0,20}((?:0x[0-9a-fA-F]{1,6}|\d{1,7})(?:\s{0,20},\s{0,20}(?:0x[0-9a-fA-F]{1,6}|\d{1,7})){0,500})\s{0,20},?\s{0,20}[\]}]?`
/** What turns bytes into text, after a call. */
const AS_TEXT = String.raw`(?:\s{0,20}\.\s{0,20}(?:decode|toString)\s{0,20}\([^()]{0,20}\))?`

/** A literal for a text; nothing where it couldn't be read back. */
const quoted = (text: string, whole: string): string => (/["'\\\n\0]/.test(text) ? whole : `"${text}"`)
const inside = (literal: string): string => literal.slice(1, -1)
const literalsIn = (list: string): string[] => (list.match(new RegExp(LITERAL, 'g')) ?? []).map(inside)
const reversed = (text: string): string => [...text].reverse().join('')

function fromCodes(whole: string, list: string): string {
  const codes = list.split(',').map((code) => Number(code.trim()))
  return codes.every((code) => code > 31 && code < 0x10ffff) ? quoted(String.fromCodePoint(...codes), whole) : whole
}

const decoded = (encoding: 'base64' | 'hex') => (whole: string, literal: string) => {
  const text = Buffer.from(inside(literal), encoding).toString()
  return /^[\x20-\x7e]+$/.test(text) ? quoted(text, whole) : whole
}

function unescaped(whole: string): string {
  const text = inside(whole).replaceAll(
    /\\(?:x([0-9a-f]{2})|u\{?([0-9a-f]{4,6})\}?|([0-7]{2,3}))/gi,
    (_, x, u, octal) =>
      String.fromCodePoint(Math.min(Number.parseInt(x ?? u ?? octal, octal === undefined ? 16 : 8), 0x10ffff)),
  )
  return quoted(text, whole)
}

const rotated = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const start = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - start + 13) % 26) + start)
  })

/** `%s` and `{}` in turn. */
function formatted(whole: string, literal: string, list: string, place: RegExp): string {
  const values = literalsIn(list)
  let at = 0
  const text = inside(literal).replaceAll(place, (mark, number: string | undefined) => {
    const value = values[number === undefined || number === '' ? at : Number(number)]
    at += 1
    return value ?? mark
  })
  return quoted(text, whole)
}

type Fold = (whole: string, ...groups: string[]) => string
const fold = (pattern: string, replace: Fold, flags = 'g'): [RegExp, Fold] => [new RegExp(pattern, flags), replace]

const FOLDS: ReadonlyArray<[RegExp, Fold]> = [
  fold(
    String.raw`(?:"[^"\n]{0,500}\\(?:x|u|[0-7]{2})[^"\n]{0,2000}"|'[^'\n]{0,500}\\(?:x|u|[0-7]{2})[^'\n]{0,2000}')`,
    unescaped,
  ),
  fold(
    String.raw`(?:""|'')\s{0,20}\.\s{0,20}join\s{0,20}\(\s{0,20}(?:map\s{0,20}\(\s{0,20}chr\s{0,20},\s{0,20}${CODES}\s{0,20}\)|chr\s{0,20}\(\s{0,20}\w+\s{0,20}\)\s{1,20}for\s{1,20}\w+\s{1,20}in\s{1,20}${CODES})\s{0,20}\)`,
    (whole, a, b) => fromCodes(whole, a ?? b ?? ''),
  ),
  fold(
    String.raw`(?:\bchr|\bString\.from(?:CharCode|CodePoint)|\bbytes|\bbytearray|\bBuffer\.from|\bString\.fromCharCode\.apply\s{0,20}\(\s{0,20}\w+\s{0,20},)\s{0,20}\(\s{0,20}(?:\.\.\.)?\s{0,20}${CODES}\s{0,20}\)${AS_TEXT}`,
    fromCodes,
  ),
  fold(String.raw`\[char\]\s{0,20}(0x[0-9a-fA-F]{1,6}|\d{1,7})`, fromCodes, 'gi'),
  fold(
    String.raw`(?:\b(?:\w{1,40}(?:\.|::)){0,4}(?:atob|b64decode|decodebytes|decode64|base64_decode|decode_base64|FromBase64String|DecodeString|urlsafe_decode64)|\bBuffer\.from(?=\([^()]{0,3000},\s{0,20}["']base64))\s{0,20}\(\s{0,20}b?(${LITERAL})\s{0,20}(?:,\s{0,20}["']base64(?:url)?["']\s{0,20})?\)${AS_TEXT}`,
    decoded('base64'),
  ),
  fold(
    String.raw`(?:\b(?:\w{1,40}(?:\.|::)){0,4}(?:fromhex|unhexlify|hex2bin)|\bBuffer\.from(?=\([^()]{0,3000},\s{0,20}["']hex))\s{0,20}\(\s{0,20}b?(${LITERAL})\s{0,20}(?:,\s{0,20}["']hex["']\s{0,20})?\)${AS_TEXT}`,
    decoded('hex'),
  ),
  fold(
    String.raw`\b(?:codecs\.decode|str_rot13)\s{0,20}\(\s{0,20}(${LITERAL})(?:\s{0,20},\s{0,20}["']rot_?13["'])?\s{0,20}\)`,
    (whole, literal) => quoted(rotated(inside(literal ?? '')), whole),
  ),
  fold(
    String.raw`(${LITERAL})\s{0,20}(?:\[\s{0,20}::\s{0,20}-1\s{0,20}\]|\.split\(\s{0,20}(?:""|'')\s{0,20}\)\s{0,20}\.reverse\(\s{0,20}\)\s{0,20}\.join\(\s{0,20}(?:""|'')\s{0,20}\)|\.reverse\b(?!\s{0,20}\())`,
    (whole, literal) => quoted(reversed(inside(literal ?? '')), whole),
  ),
  fold(
    String.raw`(?:\bstrrev\s{0,20}\(|(?:""|'')\s{0,20}\.\s{0,20}join\s{0,20}\(\s{0,20}reversed\s{0,20}\()\s{0,20}(${LITERAL})\s{0,20}\)(?:\s{0,20}\))?`,
    (whole, literal) => quoted(reversed(inside(literal ?? '')), whole),
  ),
  fold(
    String.raw`(${LITERAL})\s{0,20}\.\s{0,20}join\s{0,20}\(\s{0,20}[\[(]?${LIST.slice(2, -2)}[\])]?\s{0,20}\)`,
    (whole, by, list) => quoted(literalsIn(list ?? '').join(inside(by ?? '')), whole),
  ),
  fold(String.raw`${LIST}\s{0,20}\.\s{0,20}join\s{0,20}\(\s{0,20}(${LITERAL})\s{0,20}\)`, (whole, list, by) =>
    quoted(literalsIn(list ?? '').join(inside(by ?? '')), whole),
  ),
  fold(
    String.raw`(${LITERAL})\s{0,20}\.\s{0,20}(?:replace|replaceAll|gsub)\s{0,20}\(\s{0,20}(${LITERAL})\s{0,20},\s{0,20}(${LITERAL})\s{0,20}\)`,
    (whole, text, from, to) =>
      quoted(
        inside(text ?? '').replaceAll(inside(from ?? '') || '\0', () => inside(to ?? '')),
        whole,
      ),
  ),
  fold(
    String.raw`(${LITERAL})\s{0,20}%(?!\w)\s{0,20}(?:\(\s{0,20}(${LITERAL}(?:\s{0,20},\s{0,20}${LITERAL}){0,20})\s{0,20},?\s{0,20}\)|(${LITERAL}))`,
    (whole, text, list, one) => formatted(whole, text ?? '', list ?? one ?? '', /%s/g),
  ),
  fold(
    String.raw`(${LITERAL})\s{0,20}\.\s{0,20}format\s{0,20}\(\s{0,20}(${LITERAL}(?:\s{0,20},\s{0,20}${LITERAL}){0,20})\s{0,20}\)`,
    (whole, text, list) => formatted(whole, text ?? '', list ?? '', /\{(\d*)\}/g),
  ),
  fold(
    String.raw`\b(?:fmt\.)?Sprintf\s{0,20}\(\s{0,20}(${LITERAL})\s{0,20},\s{0,20}(${LITERAL}(?:\s{0,20},\s{0,20}${LITERAL}){0,20})\s{0,20}\)`,
    (whole, text, list) => formatted(whole, text ?? '', list ?? '', /%[sv]/g),
  ),
  fold(String.raw`(${LITERAL})\s{0,20}(?:\+|\.\.?(?=\s{0,20}["'])|\\\n)\s{0,20}(${LITERAL})`, (whole, a, b) =>
    quoted(inside(a ?? '') + inside(b ?? ''), whole),
  ),
]

const ASSIGNED = new RegExp(
  String.raw`(?:^|[;\n{(,]|\b(?:const|let|var|my|our|val|final|String|string)\s)\s{0,20}[$@]?([A-Za-z_]\w{0,60})\s{0,20}(?::\s{0,20}\w+\s{0,20})?(?::?=(?!=))\s{0,20}(${LITERAL})\s{0,20}(?=[;\n,)}]|$)`,
  'g',
)
const TOKEN = new RegExp(
  String.raw`([fF]?)(${LITERAL})|\x60([^\x60\\]{0,2000})\x60|(?<![\w.$@'"])[$@]?([A-Za-z_]\w*)\b(?!\s{0,20}(?::?=(?!=)|\(|\[|["']))`,
  'g',
)
const IN_TEMPLATE = /\$\{\s{0,20}([A-Za-z_]\w*)\s{0,20}\}/g
const IN_FORMAT = /(?<!\{)\{\s{0,20}([A-Za-z_]\w*)\s{0,20}\}/g
const IN_STRING = /[#$]\{\s{0,20}\$?([A-Za-z_]\w*)\s{0,20}\}/g

/** Puts constants in the place of their names. A name that gets two values stands for none. */
function withNames(code: string): string {
  const known = new Map<string, string | undefined>()
  for (const [, name = '', literal = ''] of code.matchAll(ASSIGNED)) {
    const value = inside(literal)
    known.set(name, known.has(name) && known.get(name) !== value ? undefined : value)
  }
  const fill = (text: string, place: RegExp): string => text.replaceAll(place, (mark, name) => known.get(name) ?? mark)
  return code.replaceAll(TOKEN, (whole, format: string, literal?: string, template?: string, name?: string) => {
    if (name !== undefined) {
      const value = known.get(name)
      return value === undefined ? whole : quoted(value, whole)
    }
    if (template !== undefined) {
      const filled = fill(template, IN_TEMPLATE)
      return filled.includes('${') ? `\`${filled}\`` : quoted(filled, whole)
    }
    const text = inside(literal ?? '')
    const filled = fill(text, format === '' ? IN_STRING : IN_FORMAT)
    return filled === text ? whole : `${/\{/.test(filled) ? format : ''}${quoted(filled, literal ?? '')}`
  })
}
