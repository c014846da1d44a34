import { createPrivateKey } from 'node:crypto'
import { join } from 'node:path'
import { AzoraError, readOrCreate, writeWhole } from '@azora/base'
import { OWNER_KEY_NAME } from '@azora/contracts'
import { createSigner, newPrivateKey, parseVerifier, type Signer } from '@azora/proof'

/** Whose signature puts a law in force. */
export interface OwnerKeys {
  /** Verifier keys (C2SP signed-note). */
  trusted: string[]
  /** Absent where the owner keeps the private key elsewhere. */
  signer?: Signer
}

/**
 * The owner's keys: those that were given, else the one in the data directory, which is made at the first start.
 *
 * @param given verifier keys with white space or commas between them
 */
export async function openOwnerKeys(dataDir: string, given: string | undefined): Promise<OwnerKeys> {
  if (given !== undefined)
    return {
      trusted: given
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(checked),
    }
  const file = join(dataDir, 'keys', 'owner.key')
  const signer = createSigner(OWNER_KEY_NAME, createPrivateKey(await readOrCreate(file, newPrivateKey)))
  await writeWhole(join(dataDir, 'keys', 'owner.vkey'), `${signer.verifier.text}\n`, 0o644)
  return { trusted: [signer.verifier.text], signer }
}

function checked(text: string): string {
  const verifier = parseVerifier(text)
  if (verifier?.name === OWNER_KEY_NAME) return verifier.text
  throw new AzoraError('fix', 'owner_key_malformed', `AZORA_OWNER_VKEY holds no key of ${OWNER_KEY_NAME}: ${text}`, {
    remedy: 'Copy the line of keys/owner.vkey in the data directory where the key was made.',
  })
}
