// Everything that checks, and the data formats: it runs in a browser too. What makes keys and signs is in index.ts.
export { equal, fromBase64, toBase64 } from '#crypto'
export { type Checkpoint, formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
export { consistencyPath, isConsistent, rootsFromConsistency, type TreeHead } from './consistency.ts'
export {
  type Cosignature,
  type CosignedCheckpoint,
  openCosignedCheckpoint,
  type Witness,
  withSignaturesOf,
} from './cosignature.ts'
export { canonical, digestOf, payloadDigest, sha256Hex } from './digest.ts'
export { headerText } from './header.ts'
export { createKeyTrust, endorseKey, flawInEndorsement, type KeyTrust } from './key-chain.ts'
export { parseVerifier, parseWitnessKey, type Signer, type Verifier, type WitnessKey } from './keys.ts'
export {
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  extend,
  type Frontier,
  type Hash,
  inclusionPath,
  leafHash,
  type NodeSource,
  nodeHash,
  rootFromInclusion,
  rootOf,
} from './merkle.ts'
export { formatSignature, type Note, type NoteSignature, parseNote } from './note.ts'
export { createReceiptVerifier, createReceiptVerifierOf, type Flaw, flawInEntry, leafOf } from './receipt.ts'
export { isSignedBy, type SignedStatement, signStatement } from './statement.ts'
export {
  formatEntryBundle,
  formatTilePath,
  parseEntryBundle,
  parseHashTile,
  parseTilePath,
  TILE_WIDTH,
  type TilePath,
  tileWidth,
} from './tiles.ts'
export { formatTlogProof, isProvedBy, parseTlogProof, type TlogProof } from './tlog-proof.ts'
export { type PolicyReading, type PolicyWitness, parseWitnessPolicy, type WitnessPolicy } from './witness-policy.ts'
export { formatWitnessRequest, parseWitnessRequest, type WitnessRequest } from './witness-request.ts'
