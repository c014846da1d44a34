import { randomBytes } from 'node:crypto'
import { AzoraError, type KeyContext, type KeyWrap, openBytes, sealBytes } from '@azora/base'
import { canonical } from '@azora/proof'

/** A value as it is stored. */
export interface Envelope {
  /** The key that wraps. */
  keyId: string
  wrappedKey: Buffer
  ciphertext: Buffer
}

/** Which version of which secret of whom: an envelope opens under nothing else. */
export interface Label {
  tenant: string
  name: string
  version: number
}

const KEY_BYTES = 32

const contextOf = ({ tenant, name, version }: Label): KeyContext => ({
  type: 'azora.secret.v1',
  tenant,
  name,
  version: String(version),
})
const associatedWith = (label: Label): Buffer => Buffer.from(canonical(contextOf(label)))

/** Encrypts under a fresh data key, which the key-encryption key wraps. */
export async function sealValue(keyWrap: KeyWrap, value: string, label: Label): Promise<Envelope> {
  const dataKey = randomBytes(KEY_BYTES)
  const plain = Buffer.from(value)
  try {
    const wrappedKey = Buffer.from(await keyWrap.wrap(dataKey, contextOf(label)))
    return { keyId: keyWrap.keyId, wrappedKey, ciphertext: sealBytes(dataKey, plain, associatedWith(label)) }
  } finally {
    dataKey.fill(0)
    plain.fill(0)
  }
}

/** Throws `secret_unreadable`, or what the key wrap throws. The caller wipes what it gets. */
export async function openValue(keyWrap: KeyWrap, envelope: Envelope, label: Label): Promise<Buffer> {
  if (envelope.keyId !== keyWrap.keyId)
    throw unreadable(label.name, `it was encrypted under ${envelope.keyId}, and ${keyWrap.keyId} is configured`)
  const dataKey = await keyWrap.unwrap(envelope.wrappedKey, contextOf(label))
  try {
    const value = openBytes(dataKey, envelope.ciphertext, associatedWith(label))
    if (!value) throw unreadable(label.name, 'it was changed')
    return value
  } finally {
    dataKey.fill(0)
  }
}

const unreadable = (name: string, why: string): AzoraError =>
  new AzoraError('conflict', 'secret_unreadable', `${name} can't be read: ${why}`, {
    remedy: `Restore the key that it was encrypted under, or give it a new value: azora secret rotate ${name}`,
  })
