import { fromBase64, toBase64, utf8 } from '#crypto'
import { parseCount } from './count.ts'
import { isLineOf, type Signer, type Verifier } from './keys.ts'
import { HASH_BYTES, type Hash } from './merkle.ts'
import { formatSignature, type Note, parseNote } from './note.ts'

/** A statement about a log: it has `size` leaves under `root`. */
export interface Checkpoint {
  origin: string
  size: number
  root: Hash
  /** Lines of the log's own below the root; their meaning is not agreed on. Absent when there are none. */
  extensions?: readonly string[]
}

const ORIGIN_BYTES_MAX = 255
const EXTENSIONS_MAX = 16

/** The text that is signed (C2SP tlog-checkpoint). */
export const formatCheckpoint = ({ origin, size, root, extensions = [] }: Checkpoint): string =>
  [origin, size, toBase64(root), ...extensions, ''].join('\n')

/** Reads the text of a checkpoint, whose signatures were verified; undefined when it is malformed. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, sizeText, rootText, ...rest] = text.split('\n')
  if (!origin || !sizeText || !rootText || rest.pop() !== '') return undefined
  if (utf8(origin).length > ORIGIN_BYTES_MAX || rest.length > EXTENSIONS_MAX || rest.includes('')) return undefined
  const size = parseCount(sizeText)
  const root = fromBase64(rootText)
  if (size === undefined || root?.length !== HASH_BYTES) return undefined
  return { origin, size, root, ...(rest.length > 0 && { extensions: rest }) }
}

/** A signed checkpoint as text (C2SP tlog-checkpoint in a C2SP signed note), with a line for each signer. */
export function signCheckpoint(checkpoint: Checkpoint, ...signers: readonly Signer[]): string {
  const text = formatCheckpoint(checkpoint)
  const lines = signers.map(({ verifier: { name, keyId }, sign }) =>
    formatSignature({ name, keyId, signature: sign(utf8(text)) }),
  )
  return `${text}\n${lines.join('')}`
}

/**
 * Opens a signed checkpoint of a log of ours; undefined unless it is well-formed, signed by one of `verifiers`, and no
 * signature of theirs is wrong. Our logs write no extension lines, so a checkpoint with some is not one of them.
 */
export function openCheckpoint(text: string, ...verifiers: readonly Verifier[]): Checkpoint | undefined {
  const note = parseNote(text)
  if (!note || !signersOf(note, verifiers)?.length) return undefined
  const checkpoint = parseCheckpoint(note.text)
  return checkpoint?.extensions ? undefined : checkpoint
}

/** Which of `verifiers` signed a note; undefined when a signature of one of them is wrong (C2SP signed-note). */
export function signersOf({ text, signatures }: Note, verifiers: readonly Verifier[]): Verifier[] | undefined {
  const message = utf8(text)
  const found = new Set<Verifier>()
  for (const line of signatures) {
    const verifier = verifiers.find((key) => isLineOf(line, key))
    if (!verifier || found.has(verifier)) continue
    if (!verifier.verify(message, line.signature)) return undefined
    found.add(verifier)
  }
  return [...found]
}
