import type { DsseEnvelope, EvidenceStatement } from '@azora/contracts'
import { canonical, fromBase64, type Signer, sha256Hex, toBase64, type Verifier } from '@azora/proof/verify'

const utf8 = new TextEncoder()

/** DSSE v1: what is signed of a body of a type (pre-authentication encoding). */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const type = utf8.encode(payloadType)
  const head = utf8.encode(`DSSEv1 ${type.length} ${payloadType} ${body.length} `)
  const encoded = new Uint8Array(head.length + body.length)
  encoded.set(head)
  encoded.set(body, head.length)
  return encoded
}

/** The hint by which a reader may know the key: the verifier key without the key itself. */
export const keyIdOf = (vkey: string): string => vkey.slice(0, vkey.lastIndexOf('+'))

/** A statement that was signed. */
export interface Signed {
  envelope: DsseEnvelope
  /** SHA-256 of the bytes that were signed, in hexadecimal. */
  digest: string
}

/** @param signer the journal's key */
export function signEvidence(statement: EvidenceStatement, { verifier, sign }: Signer): Signed {
  const body = utf8.encode(canonical(statement))
  const payloadType = 'application/vnd.in-toto+json'
  const sig = toBase64(sign(preAuthEncoding(payloadType, body)))
  const envelope: DsseEnvelope = {
    payloadType,
    payload: toBase64(body),
    signatures: [{ keyid: keyIdOf(verifier.text), sig }],
  }
  return { envelope, digest: sha256Hex(body) }
}

/** Why an envelope is not signed by the key; undefined when it is. */
export function flawInSignature(
  { payloadType, signatures: [signature] }: DsseEnvelope,
  body: Uint8Array,
  verifier: Verifier,
): string | undefined {
  const bytes = fromBase64(signature.sig)
  if (!bytes) return 'has a signature that is no base64'
  if (!verifier.verify(preAuthEncoding(payloadType, body), bytes))
    return 'is not signed by the journal key, or was altered'
  return signature.keyid === keyIdOf(verifier.text) ? undefined : `names another key as its signer: ${signature.keyid}`
}
