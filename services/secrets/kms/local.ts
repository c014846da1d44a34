import { createHash } from 'node:crypto'
import { AzoraError } from '@azora/base'
import { canonical } from '@azora/proof'
import { decrypt, encrypt, KEY_BYTES } from '../aead.ts'
import type { KeyContext, Kms } from './port.ts'

/**
 * Wraps under a key that this process holds.
 *
 * @param keyText 32 bytes in base64, as its file has them; throws `kms_key_malformed`
 */
export function createLocalKms(keyText: string): Kms {
  const key = Buffer.from(keyText.trim(), 'base64')
  if (key.length !== KEY_BYTES || key.toString('base64') !== keyText.trim())
    throw new AzoraError('fix', 'kms_key_malformed', 'the key file of the secrets does not hold 32 bytes in base64', {
      remedy: 'Restore keys/secrets.key in the data directory from its copy; without it no secret can be read.',
    })
  // Of a random key of 256 bits: nothing can be guessed from it.
  const name = `local:${createHash('sha256').update('azora.kms.local.v1').update(key).digest('hex').slice(0, 16)}`
  return {
    name,
    wrap: async (dataKey, context) => encrypt(key, dataKey, bytesOf(context)),
    unwrap: async (wrapped, context) => decrypt(key, wrapped, bytesOf(context)),
  }
}

export const bytesOf = (context: KeyContext): Buffer => Buffer.from(canonical(context))
