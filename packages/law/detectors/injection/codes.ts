/** Texts written in numbers or in an alphabet of codes, of which a model reads what they stand for. */
const MAX_PIECES = 16

interface Code {
  pattern: RegExp
  bytes(piece: string): Buffer
}

const numbers = (piece: string, radix: number): Buffer =>
  Buffer.from((piece.match(/[0-9a-f]+/gi) ?? []).map((number) => Number.parseInt(number, radix)))

const CODES: readonly Code[] = [
  // base64 and base64url (RFC 4648, sections 4 and 5)
  {
    pattern: /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,20000}={0,2}(?![A-Za-z0-9+/_-])/g,
    bytes: (piece) =>
      /^[a-z_/-]+$|^[A-Z_/-]+$|^[0-9a-fA-F]+$/.test(piece) ? Buffer.alloc(0) : Buffer.from(piece, 'base64'),
  },
  // base32 (RFC 4648, section 6)
  {
    pattern: /(?<![A-Z0-9])(?=[A-Z]*[2-7])[A-Z2-7]{24,20000}={0,6}(?![A-Z0-9=])/g,
    bytes: (piece) => fromBase32(piece),
  },
  {
    pattern: /(?<![0-9a-z])(?:[2-7][0-9a-f][ :]?){12,10000}(?![0-9a-z])/gi,
    bytes: (piece) => Buffer.from(piece.replaceAll(/[ :]/g, ''), 'hex'),
  },
  {
    pattern: /(?:0x[2-7][0-9a-f][,;\s]{0,3}){12,10000}/gi,
    bytes: (piece) => numbers(piece.replaceAll(/0x/gi, ' '), 16),
  },
  // quoted-printable (RFC 2045, section 6.7)
  { pattern: /(?:=[2-7][0-9A-F]){8,10000}/g, bytes: (piece) => numbers(piece, 16) },
  { pattern: /(?<!\d)(?:0?[01]{7}[\s,]{0,2}){12,10000}(?!\d)/g, bytes: (piece) => bits(piece) },
  {
    pattern: /(?<![\d.])(?:(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])[\s,;]{1,3}){12,10000}(?:[3-9]\d|1[012]\d)(?!\d)/g,
    bytes: (piece) => numbers(piece, 10),
  },
  {
    pattern:
      /(?<![^\s"'])(?:[.\u00b7\u2022-]{1,5}[ \t]{1,3}(?:[/|][ \t]{1,3})?){12,5000}[.\u00b7\u2022-]{1,5}(?![^\s"'])/g,
    bytes: (piece) => Buffer.from(fromMorse(piece)),
  },
]

const bits = (piece: string): Buffer => {
  const digits = piece.replaceAll(/[\s,]/g, '')
  const groups = /^[01]{7}(?![01])/.test(piece) ? 7 : 8
  return Buffer.from((digits.match(new RegExp(`[01]{${groups}}`, 'g')) ?? []).map((group) => Number.parseInt(group, 2)))
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function fromBase32(piece: string): Buffer {
  const bytes: number[] = []
  let held = 0
  let width = 0
  for (const letter of piece.replaceAll('=', '')) {
    held = ((held << 5) | BASE32.indexOf(letter)) & 0xffff
    width += 5
    if (width < 8) continue
    width -= 8
    bytes.push((held >> width) & 0xff)
  }
  return Buffer.from(bytes)
}

/** ITU-R M.1677-1, letters and digits. */
const MORSE = new Map(
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.'
    .split(' ')
    .map((signs, at) => [signs, 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(at)]),
)

const fromMorse = (piece: string): string =>
  piece
    .replaceAll(/[\u00b7\u2022]/g, '.')
    .split(/[ \t]{0,3}[/|][ \t]{0,3}|[ \t]{2,}/)
    .map((word) =>
      word
        .split(/[ \t]/)
        .map((signs) => MORSE.get(signs) ?? '\0')
        .join(''),
    )
    .join(' ')

const PLAIN_TEXT = /^[\p{L}\p{M}\p{P}\p{Zs}\d\n\r\t$+<=>^`|~]+$/u
const HAS_WORDS = /\p{L}{2,}[\s,.:;]+\p{L}{2,}|[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{4}/u
const MAY_BE_CODED =
  /[A-Za-z0-9+/_-]{24}|[A-Za-z0-9+/]{16}\r?\n[A-Za-z0-9+/]{8}|[01]{7}[\s,]{1,2}[01]{7}|\d\d[\s,;]{1,3}\d\d\d?[\s,;]|[2-7][0-9a-f][ :][2-7][0-9a-f][ :]|[=x][2-7][0-9A-Fa-f]|[.\u00b7\u2022-] [.\u00b7\u2022-]{1,5} [.\u00b7\u2022-]/
const WRAPPED = /(?<=[A-Za-z0-9+/]{16})\r?\n(?=[A-Za-z0-9+/]{2,}={0,2}(?:\s|$))/g

/** What coded pieces of a text stand for, where that is text too. */
export function decodedPieces(text: string): string[] {
  if (!MAY_BE_CODED.test(text)) return []
  const found: string[] = []
  const unwrapped = text.includes('\n') ? text.replaceAll(WRAPPED, '') : text
  for (const { pattern, bytes } of CODES) {
    for (const [piece] of unwrapped.matchAll(pattern)) {
      if (found.length >= MAX_PIECES) return found
      const read = bytes(piece).toString('utf8')
      if (read.length >= 12 && PLAIN_TEXT.test(read) && (HAS_WORDS.test(read) || isCoded(read))) found.push(read)
    }
  }
  return found
}

const isCoded = (text: string): boolean => /^[A-Za-z0-9+/]{24,}={0,2}$/.test(text)
