import { concat, ed25519Verifier, equal, fromBase64, sha256, toBase64, toHex, utf8 } from '#crypto'
import { isKeyName, type NoteSignature } from './note.ts'

/**
 * What an Ed25519 key signs, by the type byte of C2SP signed-note: 0x01 a note's text as it is, 0x04 a witness's
 * statement about a checkpoint at a time (C2SP tlog-cosignature).
 */
export type KeyType = 1 | 4

/** A public key in the text form of C2SP signed-note: `name+hash+base64(type || key)`. */
export interface PublicKey<Type extends KeyType = KeyType> {
  type: Type
  name: string
  /** 4 bytes. */
  keyId: Uint8Array
  text: string
  /** Whether the key made this Ed25519 signature (RFC 8032) over exactly these bytes. */
  verify(message: Uint8Array, signature: Uint8Array): boolean
}

/** A key that verifies notes, and with them checkpoints. */
export type Verifier = PublicKey<1>
/** The key of a witness, which verifies cosignatures and nothing else. */
export type WitnessKey = PublicKey<4>

export interface Signer {
  verifier: Verifier
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(data: Uint8Array): Uint8Array
}

const KEY_ID_BYTES = 4
const KEY_BYTES = 32

/** @param bytes the Ed25519 public key, 32 bytes */
export function publicKeyOf<Type extends KeyType>(type: Type, name: string, bytes: Uint8Array): PublicKey<Type> {
  const typed = concat(Uint8Array.of(type), bytes)
  const keyId = sha256(concat(utf8(`${name}\n`), typed)).subarray(0, KEY_ID_BYTES)
  const text = `${name}+${toHex(keyId)}+${toBase64(typed)}`
  return { type, name, keyId, text, verify: ed25519Verifier(bytes) }
}

/** Reads a verifier key (C2SP signed-note, type 0x01); undefined when it is malformed or its hash doesn't fit. */
export const parseVerifier = (text: string): Verifier | undefined => parsePublicKey(1, text)

/** Reads a witness's key (C2SP tlog-cosignature, type 0x04); undefined when it is malformed or its hash doesn't fit. */
export const parseWitnessKey = (text: string): WitnessKey | undefined => parsePublicKey(4, text)

function parsePublicKey<Type extends KeyType>(type: Type, text: string): PublicKey<Type> | undefined {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? []
  if (!name || !id || !encoded || !isKeyName(name)) return undefined
  const bytes = fromBase64(encoded)
  if (bytes?.length !== 1 + KEY_BYTES || bytes[0] !== type) return undefined
  const key = publicKeyOf(type, name, bytes.subarray(1))
  return key.text === text.trim() ? key : undefined
}

/** Whether a line names this key: both its name and its id. */
export const isLineOf = ({ name, keyId }: NoteSignature, key: PublicKey): boolean =>
  name === key.name && equal(keyId, key.keyId)
