import { utf8 } from '#crypto'
import { type Checkpoint, parseCheckpoint, signersOf } from './checkpoint.ts'
import { isLineOf, type Verifier, type WitnessKey } from './keys.ts'
import { formatSignature, parseNote } from './note.ts'

/** Who cosigns checkpoints after checking that they continue what was seen before. */
export interface Witness {
  key: WitnessKey
  /**
   * The signature line for a checkpoint's text.
   *
   * @param atSeconds when, in seconds since 1970
   */
  cosign(text: string, atSeconds: number): string
}

/** A witness's statement: at this time, this was the largest consistent tree that it had seen of the log. */
export interface Cosignature {
  key: WitnessKey
  /** Seconds since 1970. */
  atSeconds: number
}

/** A note with the signatures of these keys and no others; undefined when it is malformed. */
export function withSignaturesOf(noteText: string, keys: readonly Verifier[]): string | undefined {
  const note = parseNote(noteText)
  const own = note?.signatures.filter((line) => keys.some((key) => isLineOf(line, key)))
  return note && own && `${note.text}\n${own.map(formatSignature).join('')}`
}

/** A checkpoint, and who stands for it. */
export interface CosignedCheckpoint {
  checkpoint: Checkpoint
  /** What was signed. */
  text: string
  /** At least one. */
  signedBy: Verifier[]
  cosignedBy: Cosignature[]
}

const TIMESTAMP_BYTES = 8
const SIGNATURE_BYTES = 64

/** What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message"). */
export const cosignedMessage = (text: string, atSeconds: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${atSeconds}\n${text}`)

/** When the key cosigned a checkpoint's text, in seconds since 1970; undefined when it did not. */
function cosignedAt(key: WitnessKey, text: string, signature: Uint8Array): number | undefined {
  if (signature.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return undefined
  const atSeconds = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0))
  if (!Number.isSafeInteger(atSeconds)) return undefined
  return key.verify(cosignedMessage(text, atSeconds), signature.subarray(TIMESTAMP_BYTES)) ? atSeconds : undefined
}

/**
 * Opens a checkpoint of any log, which may have extension lines. Undefined unless it is well-formed and signed by one of
 * the log's keys, and neither a signature of theirs nor a cosignature of the witnesses is wrong. Lines of others are
 * ignored. Of several cosignatures of one witness the newest counts.
 */
export function openCosignedCheckpoint(
  noteText: string,
  keys: { log: readonly Verifier[]; witnesses: readonly WitnessKey[] },
): CosignedCheckpoint | undefined {
  const note = parseNote(noteText)
  const signedBy = note && signersOf(note, keys.log)
  const checkpoint = note && parseCheckpoint(note.text)
  if (!note || !signedBy || signedBy.length === 0 || !checkpoint) return undefined
  const found = new Map<WitnessKey, number>()
  for (const line of note.signatures) {
    const key = keys.witnesses.find((witness) => isLineOf(line, witness))
    if (!key) continue
    const atSeconds = cosignedAt(key, note.text, line.signature)
    if (atSeconds === undefined) return undefined
    found.set(key, Math.max(atSeconds, found.get(key) ?? 0))
  }
  const cosignedBy = [...found].map(([key, atSeconds]) => ({ key, atSeconds }))
  return { checkpoint, text: note.text, signedBy, cosignedBy }
}
