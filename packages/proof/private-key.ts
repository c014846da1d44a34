import { generateKeyPairSync } from 'node:crypto'

/** A new Ed25519 private key (RFC 8410), as PKCS #8 in PEM. */
export const newPrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
