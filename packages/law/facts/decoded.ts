import { constants, gunzipSync, inflateSync } from 'node:zlib'
import { plainText } from './plain-text.ts'
import type { Text } from './subject.ts'

const MAX_DEPTH = 4
/** What is looked into: a text of at most this many characters, and at most this many readings of it. */
const MAX_TEXT = 4_194_304
const MAX_READINGS = 64
const MAX_DECODED = 8_388_608
const MAX_RUNS = 256
const MAX_INFLATED = 1_048_576

/** Something that a decoder could be for. Most texts have nothing of it and are done with here. */
const ENCODED =
  /%[0-9A-Fa-f]{2}|&#|&[a-z]{2,6};|\\[ux"nrt/\\]|[A-Za-z0-9+/_-]{16}|(?:[0-9A-Fa-f]{2}[\s:,]{1,2}){11}|(?:\d{2,3}[,\s]{1,3}){11}/

/**
 * What a text holds when it is decoded: percent-encoding, character references of HTML, escapes of JSON and programs,
 * Base64 (RFC 4648, both alphabets, with line breaks or in a data URI) with or without gzip or zlib, hexadecimal, and lists
 * of character codes, up to four of them within each other. The text itself is not among the answers. Bounded: what lies
 * deeper, or beyond 64 readings, is left out.
 */
export function decodedForms(text: string): string[] {
  if (text.length > MAX_TEXT || !ENCODED.test(text)) return []
  const found: string[] = []
  const seen = new Set([text])
  let size = 0
  let level = [text]
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = []
    for (const source of level) {
      for (const decoded of decodeOnce(source)) {
        if (found.length >= MAX_READINGS || size > MAX_DECODED) return found
        if (decoded.length < 6 || seen.has(decoded)) continue
        size += decoded.length
        seen.add(decoded)
        found.push(decoded)
        next.push(decoded)
      }
    }
    level = next.filter((candidate) => ENCODED.test(candidate))
  }
  return found
}

const readings = new WeakMap<Text, readonly string[]>()

/** The readings of a text of a document: its plain form first, then what that holds decoded. Worked out once. */
export function readingsOf(text: Text): readonly string[] {
  const known = readings.get(text)
  if (known) return known
  const plain = plainText(text.value)
  const all = [plain, ...decodedForms(plain)]
  readings.set(text, all)
  return all
}

const decodeOnce = (text: string): string[] =>
  [unescaped(text), ...base64(text), ...hexadecimal(text), ...characterCodes(text)].map(plainText)

const unescaped = (text: string): string => percent(entities(escapes(text)))

function percent(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9A-Fa-f]{2}){1,10000}/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString())
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  colon: ':',
  equals: '=',
  lowbar: '_',
  hyphen: '-',
  period: '.',
  sol: '/',
  commat: '@',
}

function entities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,6}));/g, (whole, dec, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = dec === undefined ? Number.parseInt(hex, 16) : Number(dec)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

const UNICODE_ESCAPE = /\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|([\s\S]))/g

function escapes(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(UNICODE_ESCAPE, (whole, four, any, eight, short, letter) => {
    if (letter !== undefined) return ESCAPES[letter] ?? (/[A-Za-z0-9]/.test(letter) ? whole : letter)
    const code = Number.parseInt(four ?? any ?? eight ?? short, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const BASE64_RUN =
  /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}(?:\s{1,40}[A-Za-z0-9+/_-]{40,})*(?:\s{1,40}[A-Za-z0-9+/_-]{2,}(?==))?={0,2}/g

function* base64(text: string): Generator<string> {
  let runs = 0
  for (const [run] of text.matchAll(BASE64_RUN)) {
    runs += 1
    if (runs > MAX_RUNS) return
    const whole = readable(Buffer.from(run, 'base64'))
    if (whole !== undefined) yield whole
    // A path or an address may run into it.
    else for (const part of partsOf(run)) yield part
  }
}

const partsOf = (run: string): string[] =>
  run
    .split(/[/_-]/, 20)
    .filter((part) => part.length >= 16 && part.length < run.length)
    .flatMap((part) => readable(Buffer.from(part, 'base64')) ?? [])

function* hexadecimal(text: string): Generator<string> {
  let runs = 0
  for (const [run] of text.matchAll(/(?:(?:\\x|0x)?[0-9A-Fa-f]{2}[\s:,]{0,2}){10,}/g)) {
    runs += 1
    if (runs > MAX_RUNS) return
    const decoded = readable(Buffer.from(run.replaceAll(/\\x|0x|[\s:,]/g, ''), 'hex'))
    if (decoded !== undefined) yield decoded
  }
}

function* characterCodes(text: string): Generator<string> {
  for (const [run] of text.matchAll(/(?:\d{2,3}[,\s]{1,3}){11,}\d{2,3}/g)) {
    const codes = run.split(/[,\s]{1,3}/).map(Number)
    if (codes.every((code) => code >= 9 && code < 127)) yield String.fromCharCode(...codes.slice(0, 10_000))
  }
}

/** The text that bytes are, unpacked when they are packed; nothing when they are no text. */
function readable(bytes: Buffer): string | undefined {
  const unpacked = (isPacked(bytes) ? unpack(bytes) : undefined) ?? bytes
  if (unpacked.subarray(0, 256).some(isControl)) return undefined
  const text = unpacked.toString()
  return text.slice(0, 4096).includes('\ufffd') ? undefined : text
}

const isControl = (byte: number): boolean => byte < 9 || (byte > 13 && byte < 32) || byte === 127

/** RFC 1952 and RFC 1950. */
const isPacked = (bytes: Buffer): boolean =>
  (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
  (bytes[0] === 0x78 && bytes.length > 2 && bytes.readUInt16BE(0) % 31 === 0)

function unpack(bytes: Buffer): Buffer | undefined {
  const options = { maxOutputLength: MAX_INFLATED, finishFlush: constants.Z_SYNC_FLUSH }
  try {
    return bytes[0] === 0x1f ? gunzipSync(bytes, options) : inflateSync(bytes, options)
  } catch {
    return undefined
  }
}
