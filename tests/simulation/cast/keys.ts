import { createHash, createPrivateKey } from 'node:crypto'
import { createSigner, type Signer } from '@azora/proof'

/** DER prefix of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The same key for the same name, so that a seed replays in another process. */
export function signerOf(name: string): Signer {
  const seed = createHash('sha256').update(name).digest()
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  return createSigner(name, key)
}
