import { z } from 'zod'
import { Timestamp } from './names.ts'

/** A checkpoint that the journal made public. */
export const PublishedCheckpoint = z.strictObject({
  /** How many entries it covers. */
  size: z.int().min(0),
  /** Root of their Merkle tree, 32 bytes in base64. */
  root: z.string().max(44),
  /** C2SP signed note: the log's signatures, then those of witnesses that cosigned so far. */
  note: z.string().max(100_000),
  publishedAt: Timestamp,
})
export type PublishedCheckpoint = z.infer<typeof PublishedCheckpoint>

/** `GET /api/v1/journal/{shard}/checkpoints` */
export const ListCheckpointsQuery = z.strictObject({
  /** Checkpoints of more entries than this: the `next` of the page before. */
  cursor: z.coerce.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).default(-1),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
})
export type ListCheckpointsQuery = z.input<typeof ListCheckpointsQuery>
