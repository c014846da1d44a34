import { concat, fromBase64, toBase64 } from '#crypto'

/** One line below a note. Whose it is and whether it verifies is not known from its form. */
export interface NoteSignature {
  name: string
  keyId: Uint8Array
  /** At least one byte; how many depends on the kind of key. */
  signature: Uint8Array
}

/** A text and the signatures below it (C2SP signed-note), not yet verified. */
export interface Note {
  /** Ends with a newline. */
  text: string
  signatures: NoteSignature[]
}

const KEY_ID_BYTES = 4
const SIGNATURES_MAX = 100
const NOTE_CHARS_MAX = 256 * 1024
const NAME = '[^\\s\\u0085+]+'
const SIGNATURE_LINE = new RegExp(`^— (${NAME}) (\\S+)$`)
const KEY_NAME = new RegExp(`^${NAME}$`)

/** Whether a key may have this name: not empty, without spaces and without a plus. */
export const isKeyName = (name: string): boolean => KEY_NAME.test(name)

/** Reads a note of at most 256 KiB and 100 signatures; undefined when it is malformed. */
export function parseNote(note: string): Note | undefined {
  if (note.length > NOTE_CHARS_MAX || !note.endsWith('\n') || !isPlainText(note)) return undefined
  const split = note.lastIndexOf('\n\n')
  if (split === -1) return undefined
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > SIGNATURES_MAX) return undefined
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const signature = parseSignature(line)
    if (!signature) return undefined
    signatures.push(signature)
  }
  return { text: note.slice(0, split + 1), signatures }
}

/** A signature line, with its newline. */
export function formatSignature({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concat(keyId, signature))}\n`
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? []
  const bytes = encoded && fromBase64(encoded)
  if (!name || !bytes || bytes.length <= KEY_ID_BYTES) return undefined
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) }
}

/** UTF-8 without control characters other than newlines. */
function isPlainText(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x20 && code !== 0x0a) return false
  }
  return text.isWellFormed()
}
