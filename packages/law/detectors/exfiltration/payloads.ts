import { entropyOf } from '../../facts/random-text.ts'
import type { Text } from '../../facts/subject.ts'
import type { ActionSubject } from '../detector.ts'
import { isPrintable, kindOf, readEncoded } from './encodings.ts'
import { invisibleIn } from './invisible.ts'
import { isFileContent, PICTURE_SERVICES } from './messages.ts'
import type { Payload } from './payload.ts'

const BLOB = /[A-Za-z0-9+/_-]{32,}={0,2}/g
const MAYBE_BLOB = /[A-Za-z0-9+/_=-]{32}/
const MAX_TEXT = 1_000_000
const MAX_BLOBS = 64

/** Names of members and parameters that hold keys, signatures and positions. */
const OPAQUE =
  /(?:sig|signature|token|credential|hmac|hash|sha\d*|digest|checksum|integrity|etag|cursor|page|after|before|next|prev|state|nonce|code|challenge|verifier|key|id|uuid|guid|csrf|xsrf|session|cookie|authorization|auth|jwt|assertion|certificate|cert|public|fingerprint|ticket|version|commit|revision|ref|thumb\w*|avatar|image|img|photo|picture|icon|logo|video|audio|font|blurhash)$/i
const PLAIN_HEADER =
  /^(?:user-agent|referer|accept(?:-\w+)?|from|via|origin|host|dnt|x-(?!amz|goog|ms|hub|signature|api-key|auth|csrf|xsrf|request-id|trace|correlation)[\w-]+|cookie2|pragma|warning)$/i
const DATA_URL = /data:[\w.+-]+\/[\w.+-]+(?:;[\w=.+-]+)*;base64,$/i

/** Data in a form that people can't read, in what leaves the machine. */
export function payloadsIn({ action, texts }: ActionSubject): Payload[] {
  const leaves =
    action.resources.hosts.length > 0 || action.effects.some((effect) => effect === 'external' || effect === 'spend')
  if (!leaves) return []
  const publishes = action.effects.includes('external')
  const found: Payload[] = []
  const pieces: Text[] = []
  for (const text of texts) {
    if (text.format === 'shell' || text.format === 'argv') continue
    const { value } = text
    if (value.length >= 8) {
      const hidden = invisibleIn(text)
      if (hidden) found.push(hidden)
    }
    if (value.length < 32 || !MAYBE_BLOB.test(value)) continue
    const isFile = isFileContent(text)
    if (isFile && !publishes) continue
    found.push(...blobsIn(text, texts, isFile))
    if (!isFile && isPiece(text)) pieces.push(text)
  }
  const scattered = found.length === 0 ? scatteredIn(pieces) : undefined
  return scattered ? [scattered] : found
}

function blobsIn(text: Text, texts: readonly Text[], isFile: boolean): Payload[] {
  const value = text.value.slice(0, MAX_TEXT)
  const found: Payload[] = []
  let seen = 0
  for (const { 0: blob, index } of value.matchAll(BLOB)) {
    seen += 1
    if (seen > MAX_BLOBS) break
    const name = nameBefore(value, index) ?? text.key
    const what = judgeBlob(blob, name, isFile ? inFile(text, index, texts) : contextOf(text, value, index, texts))
    if (what)
      found.push({
        pointer: text.pointer,
        what,
        start: index,
        end: index + blob.length,
        misplaced: PLAIN_HEADER.test(text.key) && /\/headers\//i.test(text.pointer()),
      })
  }
  return found
}

interface Context {
  place: 'url' | 'header' | 'body' | 'file'
  media: boolean
}

function contextOf(text: Text, value: string, index: number, texts: readonly Text[]): Context {
  const pointer = text.pointer()
  const isUrl = text.format === 'url' || /^[a-z]+:\/\//i.test(value)
  const place = isUrl ? 'url' : /\/headers?\//i.test(pointer) ? 'header' : 'body'
  return {
    place,
    media: DATA_URL.test(value.slice(Math.max(0, index - 100), index)) || isDeclaredBinary(pointer, texts),
  }
}

/** Programs, styles and lock files hold pictures, fonts and digests. */
const inFile = ({ value, pointer }: Text, index: number, texts: readonly Text[]): Context => ({
  place: 'file',
  media:
    DATA_URL.test(value.slice(Math.max(0, index - 100), index)) ||
    isOfPicture(value, index) ||
    isDeclaredBinary(pointer(), texts),
})

/** True in the address of a picture, in which services for pictures encode another address. */
function isOfPicture(value: string, index: number): boolean {
  const host = /https?:\/\/([\w.-]+)\/[^\s"'()<>]*$/.exec(value.slice(Math.max(0, index - 300), index))?.[1]
  return host !== undefined && PICTURE_SERVICES.test(host)
}

/** A member beside it says that it is a file in base64. */
function isDeclaredBinary(pointer: string, texts: readonly Text[]): boolean {
  const parent = `${pointer.slice(0, pointer.lastIndexOf('/'))}/`
  return texts.some(
    ({ isKey, key, value, pointer: place }) =>
      !isKey &&
      /^(?:encoding|content_?transfer_?encoding|mime|mime_?type|content_?type|media_?type|type)$/i.test(key) &&
      /base64|^(?:image|audio|video|font)\/|^application\/(?:pdf|zip|gzip|octet-stream)/i.test(value) &&
      place().startsWith(parent),
  )
}

const NAME_BEFORE = /["']?([\w-]{1,64})["']?\s*[=:]\s*["']?$/

const nameBefore = (value: string, index: number): string | undefined =>
  NAME_BEFORE.exec(value.slice(Math.max(0, index - 80), index))?.[1]

const LONGEST = { url: 200, header: 300, body: 400, file: 2000 } as const
const SHORTEST_TEXT = { url: 40, header: 48, body: 160, file: 160 } as const
const RANDOM_BASE64 = 5
const RANDOM_HEX = 3.3
const HASH_LENGTHS = new Set([32, 40, 48, 56, 64, 96, 128])
const HEX = /^[0-9a-f]+$/i
const SHAPE_OF_WORDS = /^[a-z]+(?:[-_/][a-z]+)*$/i

function judgeBlob(blob: string, name: string, { place, media }: Context): string | undefined {
  if (media || SHAPE_OF_WORDS.test(blob) || /^eyJ/.test(blob)) return undefined
  if (HEX.test(blob) && HASH_LENGTHS.has(blob.length)) return undefined
  const isOpaque = OPAQUE.test(name)
  const bytes = readEncoded(blob)
  const kind = bytes && kindOf(bytes)
  if (kind === 'archive') return 'compressed data'
  if (kind === 'media') return undefined
  if (
    bytes &&
    isPrintable(bytes) &&
    blob.length >= (isOpaque ? LONGEST[place] : SHORTEST_TEXT[place]) &&
    !isPlain(blob)
  )
    return 'encoded text'
  if (isOpaque && blob.length < 2048) return undefined
  const isRandom = HEX.test(blob) ? entropyOf(blob) >= RANDOM_HEX : entropyOf(blob) >= RANDOM_BASE64
  return blob.length >= LONGEST[place] && isRandom ? 'opaque data' : undefined
}

/** Paths and names: many separators, few digits and capitals. */
const isPlain = (blob: string): boolean =>
  (blob.match(/[-_/]/g)?.length ?? 0) >= blob.length / 12 && !/\d{3}/.test(blob)

const WHOLE_HEX = /^[0-9a-f]{24,}$/i
const WHOLE_BASE64 = /^(?=[^\s]*[a-z])(?=[^\s]*[A-Z])(?=[^\s]*\d)[A-Za-z0-9+/_-]{24,}={0,2}$/

/** A value that is nothing but code, in a member whose name doesn't ask for that. */
const isPiece = ({ value, key, isKey }: Text): boolean =>
  !isKey && !OPAQUE.test(key) && (WHOLE_HEX.test(value) ? !HASH_LENGTHS.has(value.length) : WHOLE_BASE64.test(value))

const MIN_PIECES = 3
const MIN_SCATTERED = 120

function scatteredIn(pieces: readonly Text[]): Payload | undefined {
  const first = pieces[0]
  const length = pieces.reduce((sum, { value }) => sum + value.length, 0)
  if (!first || pieces.length < MIN_PIECES || length < MIN_SCATTERED) return undefined
  return {
    pointer: first.pointer,
    what: `encoded data in ${pieces.length} fields`,
    start: 0,
    end: first.value.length,
    misplaced: false,
  }
}
