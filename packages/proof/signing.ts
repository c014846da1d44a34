import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { concat } from '#crypto'
import { cosignedMessage, type Witness } from './cosignature.ts'
import { type KeyType, type PublicKey, publicKeyOf, type Signer } from './keys.ts'
import { formatSignature } from './note.ts'

const SPKI_PREFIX_BYTES = 12

function publicKeyFrom<Type extends KeyType>(type: Type, name: string, privateKey: KeyObject): PublicKey<Type> {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return publicKeyOf(type, name, der.subarray(SPKI_PREFIX_BYTES))
}

/** @param privateKey Ed25519 */
export function createSigner(name: string, privateKey: KeyObject): Signer {
  return { verifier: publicKeyFrom(1, name, privateKey), sign: (data) => sign(null, data, privateKey) }
}

/** @param privateKey Ed25519; used for no other purpose, as the signed message doesn't name the witness */
export function createWitness(name: string, privateKey: KeyObject): Witness {
  const key = publicKeyFrom(4, name, privateKey)
  return {
    key,
    cosign(text, atSeconds) {
      const time = Buffer.alloc(8)
      time.writeBigUInt64BE(BigInt(atSeconds))
      const signature = sign(null, cosignedMessage(text, atSeconds), privateKey)
      return formatSignature({ name, keyId: key.keyId, signature: concat(time, signature) })
    },
  }
}
