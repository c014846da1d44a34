import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms'
import type { KeyWrap } from '@azora/base'
import { unavailable, unwrapFailed } from './failure.ts'

/** Errors by which AWS KMS says that it is the ciphertext, its context or its key that is wrong. */
const REFUSALS = ['InvalidCiphertextException', 'IncorrectKeyException', 'InvalidKeyUsageException']

/**
 * Wraps with a symmetric key of AWS KMS; the context is its encryption context. Region and credentials are found as the
 * AWS SDK finds them.
 *
 * @param key ARN, id or alias
 */
export function createAwsKeyWrap(key: string, client: KMSClient = new KMSClient({})): KeyWrap {
  const keyId = `aws-kms:${key}`
  return {
    keyId,
    async wrap(dataKey, context) {
      const command = new EncryptCommand({ KeyId: key, Plaintext: dataKey, EncryptionContext: { ...context } })
      const { CiphertextBlob } = await client.send(command).catch((cause) => {
        throw unavailable(keyId, cause)
      })
      if (!CiphertextBlob) throw unavailable(keyId, 'it answered nothing')
      return CiphertextBlob
    },
    async unwrap(wrapped, context) {
      const command = new DecryptCommand({ KeyId: key, CiphertextBlob: wrapped, EncryptionContext: { ...context } })
      const { Plaintext } = await client.send(command).catch((cause) => {
        throw REFUSALS.includes(cause?.name) ? unwrapFailed(keyId, cause) : unavailable(keyId, cause)
      })
      if (!Plaintext) throw unavailable(keyId, 'it answered nothing')
      return Buffer.from(Plaintext)
    },
  }
}
