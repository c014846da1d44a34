import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'

/**
 * Hybrid public key encryption (RFC 9180, base mode) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM: what a
 * node is sent, only that node reads, whoever carries it.
 */
const SUITE = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

/** A value that only the holder of one private key reads; both in base64. */
export interface SealedBox {
  /** The encapsulated key. */
  enc: string
  ciphertext: string
}

const bytes = (text: string): ArrayBuffer => new Uint8Array(Buffer.from(text)).buffer
const decoded = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, 'base64')).buffer

/**
 * @param publicKey X25519, 32 bytes in base64
 * @param info what the value is for; it opens only under the same
 */
export async function sealFor(publicKey: string, info: string, value: Buffer): Promise<SealedBox> {
  const recipientPublicKey = await SUITE.kem.deserializePublicKey(decoded(publicKey))
  const sealed = await SUITE.seal({ recipientPublicKey, info: bytes(info) }, new Uint8Array(value).buffer)
  return {
    enc: Buffer.from(sealed.enc).toString('base64'),
    ciphertext: Buffer.from(sealed.ct).toString('base64'),
  }
}

/** Someone who can be sent values: a key pair that is forgotten with it. */
export interface Recipient {
  /** X25519, 32 bytes in base64. */
  publicKey: string
  /** Rejects for what was sealed for another key or another purpose, or was changed. */
  open(info: string, box: SealedBox): Promise<Buffer>
}

export async function createRecipient(): Promise<Recipient> {
  const { publicKey, privateKey: recipientKey } = await SUITE.kem.generateKeyPair()
  return {
    publicKey: Buffer.from(await SUITE.kem.serializePublicKey(publicKey)).toString('base64'),
    async open(info, { enc, ciphertext }) {
      return Buffer.from(await SUITE.open({ recipientKey, enc: decoded(enc), info: bytes(info) }, decoded(ciphertext)))
    },
  }
}
