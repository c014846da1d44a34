export {
  type Checkpoint,
  createSigner,
  openCheckpoint,
  parseVerifier,
  type Signer,
  signCheckpoint,
  type Verifier,
} from './checkpoint.ts'
export { canonical, digestOf, payloadDigest, sha256Hex } from './digest.ts'
export { type Check, type EvidenceReport, verifyEvidence } from './evidence.ts'
export { createKeyTrust, endorseKey, flawInEndorsement, type KeyTrust } from './key-chain.ts'
export {
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  extend,
  type Frontier,
  type Hash,
  inclusionPath,
  leafHash,
  nodeHash,
  rootFromInclusion,
  rootOf,
} from './merkle.ts'
export { newPrivateKey } from './private-key.ts'
export { createReceiptVerifier, createReceiptVerifierOf, flawInEntry, leafOf } from './receipt.ts'
export { isSignedBy, type SignedStatement, signStatement } from './statement.ts'
