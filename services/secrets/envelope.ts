import { randomBytes } from 'node:crypto'
import { decrypt, encrypt, KEY_BYTES, unreadable } from './aead.ts'
import { bytesOf } from './kms/local.ts'
import type { KeyContext, Kms } from './kms/port.ts'

/** A value as it is stored. */
export interface Envelope {
  /** Name of the key that wraps. */
  kms: string
  wrappedKey: Buffer
  ciphertext: Buffer
}

/** Which version of which secret of whom: an envelope opens under nothing else. */
export interface Label {
  tenant: string
  name: string
  version: number
}

const contextOf = ({ tenant, name, version }: Label): KeyContext => ({
  type: 'azora.secret.v1',
  tenant,
  name,
  version: String(version),
})

/** Encrypts under a fresh data key, which the KMS wraps. */
export async function sealValue(kms: Kms, value: string, label: Label): Promise<Envelope> {
  const context = contextOf(label)
  const dataKey = randomBytes(KEY_BYTES)
  const plain = Buffer.from(value)
  try {
    const ciphertext = encrypt(dataKey, plain, bytesOf(context))
    return { kms: kms.name, wrappedKey: await kms.wrap(dataKey, context), ciphertext }
  } finally {
    dataKey.fill(0)
    plain.fill(0)
  }
}

/** Throws `secret_unreadable` or `kms_unavailable`. The caller wipes what it gets. */
export async function openValue(kms: Kms, { kms: wrappedBy, wrappedKey, ciphertext }: Envelope, label: Label) {
  if (wrappedBy !== kms.name) throw unreadable(`it was wrapped by ${wrappedBy}, and ${kms.name} is configured`)
  const context = contextOf(label)
  const dataKey = await kms.unwrap(wrappedKey, context)
  try {
    return decrypt(dataKey, ciphertext, bytesOf(context))
  } finally {
    dataKey.fill(0)
  }
}
