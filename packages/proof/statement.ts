import { fromBase64, toBase64, utf8 } from '#crypto'
import { canonical } from './digest.ts'
import { parseVerifier, type Signer } from './keys.ts'

/** A JSON value with a signature over its canonical form (RFC 8785). */
export interface SignedStatement<Statement> {
  statement: Statement
  /** Ed25519 (RFC 8032), 64 bytes in base64. */
  signature: string
  /** Verifier key of who signed (C2SP signed-note `vkey`). */
  key: string
}

export const signStatement = <Statement>(statement: Statement, signer: Signer): SignedStatement<Statement> => ({
  statement,
  signature: toBase64(signer.sign(utf8(canonical(statement)))),
  key: signer.verifier.text,
})

/** True when the statement is signed by its key and that key is one of `trusted`, which are verifier keys too. */
export function isSignedBy(
  { statement, signature, key }: SignedStatement<unknown>,
  trusted: readonly string[],
): boolean {
  const verifier = trusted.includes(key) ? parseVerifier(key) : undefined
  const bytes = fromBase64(signature)
  return verifier !== undefined && bytes !== undefined && verifier.verify(utf8(canonical(statement)), bytes)
}
