import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto'
import type { Hash } from './merkle.ts'

/** A statement about a log: it has `size` leaves under `root`. */
export interface Checkpoint {
  origin: string
  size: number
  root: Hash
}

/** A key that verifies checkpoints, in the text form of C2SP signed-note: `name+hash+base64(type || key)`. */
export interface Verifier {
  name: string
  keyId: Buffer
  key: KeyObject
  text: string
}

export interface Signer {
  verifier: Verifier
  sign(data: Buffer): Buffer
}

const ED25519_TYPE = Buffer.from([1])
const KEY_ID_BYTES = 4
/** DER prefix of an Ed25519 SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

function keyIdOf(name: string, publicKey: Buffer): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519_TYPE, publicKey]), 'buffer').subarray(
    0,
    KEY_ID_BYTES,
  )
}

function verifierOf(name: string, publicKey: Buffer): Verifier {
  const keyId = keyIdOf(name, publicKey)
  const encoded = Buffer.concat([ED25519_TYPE, publicKey]).toString('base64')
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
  return { name, keyId, key, text: `${name}+${keyId.toString('hex')}+${encoded}` }
}

/** @param privateKey Ed25519 */
export function createSigner(name: string, privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
  return { verifier: verifierOf(name, publicKey), sign: (data) => sign(null, data, privateKey) }
}

/** Reads a verifier key (C2SP signed-note); undefined when it is malformed or its hash doesn't fit. */
export function parseVerifier(text: string): Verifier | undefined {
  const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? []
  if (!name || !id || !encoded) return undefined
  const bytes = decode(encoded)
  if (bytes?.length !== 33 || bytes[0] !== 1) return undefined
  const verifier = verifierOf(name, bytes.subarray(1))
  return verifier.keyId.toString('hex') === id ? verifier : undefined
}

/** A signed checkpoint as text (C2SP tlog-checkpoint in a C2SP signed note), with a line for each signer. */
export function signCheckpoint(checkpoint: Checkpoint, ...signers: readonly Signer[]): string {
  const body = `${checkpoint.origin}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`
  const lines = signers.map(({ verifier: { name, keyId }, sign }) => {
    const signature = Buffer.concat([keyId, sign(Buffer.from(body))])
    return `— ${name} ${signature.toString('base64')}\n`
  })
  return `${body}\n${lines.join('')}`
}

/** Opens a signed checkpoint; undefined unless it is well-formed and signed by one of `verifiers`. */
export function openCheckpoint(note: string, ...verifiers: readonly Verifier[]): Checkpoint | undefined {
  const split = note.indexOf('\n\n')
  if (split === -1 || !note.endsWith('\n')) return undefined
  const body = note.slice(0, split + 1)
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map(parseSignature)
  if (signatures.length > SIGNATURES_MAX || !signatures.every((signature) => signature !== undefined)) return undefined
  if (!signatures.some((signature) => verifiers.some((verifier) => isSignedBy(signature, body, verifier))))
    return undefined
  const [origin, size, root, ...extensions] = body.slice(0, -1).split('\n')
  if (!origin || !size || !root || extensions.length > 0) return undefined
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined
  const rootBytes = decode(root)
  if (rootBytes?.length !== 32) return undefined
  return { origin, size: Number(size), root: rootBytes }
}

const SIGNATURES_MAX = 100

interface Signature {
  name: string
  keyId: Buffer
  signature: Buffer
}

/** One signature line; others may have signed too, so the length of theirs is not ours to judge. */
function parseSignature(line: string): Signature | undefined {
  const [, name, encoded] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? []
  const bytes = encoded && decode(encoded)
  if (!name || !bytes || bytes.length <= KEY_ID_BYTES) return undefined
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) }
}

const isSignedBy = ({ name, keyId, signature }: Signature, body: string, verifier: Verifier): boolean =>
  name === verifier.name && keyId.equals(verifier.keyId) && verify(null, Buffer.from(body), verifier.key, signature)

/** Base64, of which a value has exactly one form. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
