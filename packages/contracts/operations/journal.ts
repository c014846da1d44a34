import { z } from 'zod'
import { ListCheckpointsQuery, PublishedCheckpoint } from '../checkpoint.ts'
import { JournalKeyView, PayloadKeyView, RotateKeyRequest } from '../journal-key.ts'
import { ConsistencyProof, ConsistencyProofQuery, InclusionProof, InclusionProofQuery } from '../journal-proof.ts'
import { Page } from '../page.ts'
import { WitnessingView } from '../witnessing.ts'
import { bytes, operation, text } from './operation.ts'
import { ShardParams } from './shard.ts'

/** Checkpoints, hashes and proofs name nobody: whoever follows the log may have them. */

const JournalKeys = z.strictObject({ items: z.array(JournalKeyView) })
const PayloadKeys = z.strictObject({ items: z.array(PayloadKeyView) })
const Index = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional()
const TileParams = ShardParams.extend({ tile: z.string().max(100).describe('Such as 0/x001/234 or 0/000.p/7') })

/** The journal as a transparency log: its keys, what it published, proofs, tiles and all of its entries. */
export const journal = {
  keys: operation({
    method: 'GET',
    path: '/api/v1/journal/keys',
    summary: 'Every key that signed checkpoints, oldest first',
    permission: 'journal.follow',
    scope: 'tenant',
    responses: { 200: JournalKeys },
  }),
  rotateKey: operation({
    method: 'POST',
    path: '/api/v1/journal/rotate-key',
    summary: 'Let a new key sign checkpoints, beside the old one for a while',
    permission: 'journal.rotate_key',
    scope: 'server',
    body: RotateKeyRequest,
    problems: ['rotation_in_progress', 'rotation_unsupported'],
    responses: { 200: JournalKeys },
  }),
  checkpoint: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/checkpoint',
    summary: 'The newest public checkpoint with its cosignatures (C2SP tlog-checkpoint)',
    permission: 'journal.prove',
    scope: 'tenant',
    params: ShardParams,
    problems: ['checkpoint_unpublished'],
    responses: { 200: text('text/plain', z.string()) },
  }),
  checkpoints: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/checkpoints',
    summary: 'Every checkpoint that was published, with its cosignatures, smallest first',
    permission: 'journal.follow',
    scope: 'tenant',
    params: ShardParams,
    query: ListCheckpointsQuery,
    responses: { 200: Page(PublishedCheckpoint) },
  }),
  witnesses: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/witnesses',
    summary: 'Whether enough witnesses cosign what is published, and what each of them says',
    permission: 'journal.follow',
    scope: 'tenant',
    params: ShardParams,
    responses: { 200: WitnessingView },
  }),
  export: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/export',
    summary: 'The log with what is kept beside it, as frames that need no parsing to be hashed',
    permission: 'journal.read',
    scope: 'server',
    params: ShardParams,
    query: z.strictObject({ from: Index, to: Index }),
    problems: ['range_invalid', 'checkpoint_unpublished'],
    responses: { 200: bytes('application/vnd.azora.journal-export') },
  }),
  inclusionProof: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/proof/inclusion',
    summary: 'That an entry is in the tree of a size (RFC 9162)',
    permission: 'journal.prove',
    scope: 'tenant',
    params: ShardParams,
    query: InclusionProofQuery,
    problems: ['proof_out_of_range', 'checkpoint_unpublished'],
    responses: { 200: InclusionProof },
  }),
  consistencyProof: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/proof/consistency',
    summary: 'That the tree of one size continues that of another (RFC 9162)',
    permission: 'journal.prove',
    scope: 'tenant',
    params: ShardParams,
    query: ConsistencyProofQuery,
    problems: ['proof_out_of_range', 'checkpoint_unpublished'],
    responses: { 200: ConsistencyProof },
  }),
  entryProof: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/proof/entry/{index}',
    summary: 'That an entry is under the newest public checkpoint, as one text (C2SP tlog-proof)',
    permission: 'journal.prove',
    scope: 'tenant',
    params: ShardParams.extend({ index: InclusionProofQuery.shape.index }),
    problems: ['proof_out_of_range', 'checkpoint_unpublished', 'journal_corrupt'],
    responses: { 200: text('text/plain', z.string()) },
  }),
  entryTile: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/tile/entries/{tile*}',
    summary: 'Headers of up to 256 entries: who did what for which tenant, and when',
    permission: 'journal.read',
    scope: 'server',
    params: TileParams,
    problems: ['tile_not_found'],
    responses: { 200: bytes() },
  }),
  tile: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/tile/{tile*}',
    summary: 'Up to 256 neighbouring hashes of the tree',
    permission: 'journal.prove',
    scope: 'tenant',
    params: TileParams,
    problems: ['tile_not_found'],
    responses: { 200: bytes() },
  }),
  payloadKeys: operation({
    method: 'GET',
    path: '/api/v1/journal/{shard}/payload-keys',
    summary: 'The keys that payloads are encrypted under, oldest first',
    permission: 'payload_key.read',
    scope: 'server',
    params: ShardParams,
    responses: { 200: PayloadKeys },
  }),
  rotatePayloadKey: operation({
    method: 'POST',
    path: '/api/v1/journal/{shard}/payload-keys',
    summary: 'Let new payloads be encrypted under a new key',
    permission: 'payload_key.rotate',
    scope: 'server',
    params: ShardParams,
    body: z.strictObject({}),
    problems: ['payload_encryption_off', 'kms_unavailable'],
    responses: { 200: PayloadKeys },
  }),
}
