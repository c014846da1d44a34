import type { KeyContext, KeyWrap } from '@azora/base'
import { canonical } from '@azora/proof'
import { KeyManagementServiceClient } from '@google-cloud/kms'
import { crc32c } from './crc32c.ts'
import { unavailable, unwrapFailed } from './failure.ts'

/** google.rpc.Code of a request that can't be right, such as for a ciphertext of another key. */
const INVALID_ARGUMENT = 3

/**
 * Wraps with a symmetric key of Google Cloud KMS; the context is its additional authenticated data. Credentials are found
 * as Google's libraries find them.
 *
 * @param key `projects/P/locations/L/keyRings/R/cryptoKeys/K`
 */
export function createGoogleKeyWrap(
  key: string,
  client: KeyManagementServiceClient = new KeyManagementServiceClient({ fallback: true }),
): KeyWrap {
  const keyId = `gcp-kms:${key}`
  const associated = (context: KeyContext) => {
    const additionalAuthenticatedData = Buffer.from(canonical(context))
    return { additionalAuthenticatedData, additionalAuthenticatedDataCrc32c: checksum(additionalAuthenticatedData) }
  }
  return {
    keyId,
    async wrap(dataKey, context) {
      const plaintextCrc32c = checksum(dataKey)
      const request = { name: key, plaintext: dataKey, plaintextCrc32c, ...associated(context) }
      const [answer] = await client.encrypt(request).catch((cause) => {
        throw unavailable(keyId, cause)
      })
      const ciphertext = bytesOf(answer.ciphertext)
      const intact = answer.verifiedPlaintextCrc32c && answer.verifiedAdditionalAuthenticatedDataCrc32c
      if (!intact || crc32c(ciphertext) !== Number(answer.ciphertextCrc32c?.value ?? -1))
        throw unavailable(keyId, 'what it was sent, or what it answered, was damaged on the way')
      return ciphertext
    },
    async unwrap(wrapped, context) {
      const ciphertextCrc32c = checksum(wrapped)
      const request = { name: key, ciphertext: wrapped, ciphertextCrc32c, ...associated(context) }
      const [answer] = await client.decrypt(request).catch((cause) => {
        throw cause?.code === INVALID_ARGUMENT ? unwrapFailed(keyId, cause) : unavailable(keyId, cause)
      })
      const plaintext = bytesOf(answer.plaintext)
      if (crc32c(plaintext) !== Number(answer.plaintextCrc32c?.value ?? -1))
        throw unavailable(keyId, 'what it answered was damaged on the way')
      return plaintext
    },
  }
}

const checksum = (bytes: Uint8Array): { value: number } => ({ value: crc32c(bytes) })

const bytesOf = (value: Uint8Array | string | null | undefined): Buffer =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(value ?? [])
