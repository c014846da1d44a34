import type { Hash } from '@azora/proof'

/** A checkpoint as it was made public. */
export interface Published {
  size: number
  root: Hash
  /** The note as the log signed it, without cosignatures. */
  note: string
  publishedAt: Date
  /** Signature lines of witnesses, in no order. */
  cosignatures: string[]
}

export interface Cosignature {
  size: number
  /** Verifier key of the witness. */
  witness: string
  /** Signature line of a signed note, without its end of line. */
  line: string
  receivedAt: Date
}

/**
 * Where published checkpoints lie. Contract: once `publish` resolved with true the checkpoint is durable, and neither it nor
 * another of its size is ever published again.
 */
export interface CheckpointStore {
  /**
   * Resolves with false, and changes nothing, unless the shard stands under exactly `epoch` and the newest published
   * checkpoint is smaller.
   */
  publish(shard: string, epoch: number, checkpoint: Omit<Published, 'cosignatures'>): Promise<boolean>
  newest(shard: string): Promise<Published | undefined>
  /** Up to `limit` checkpoints of more than `after` entries, smallest first. */
  page(shard: string, after: number, limit: number): Promise<Published[]>
  /** Adds what a witness signed; the first of a witness for a size stays. Resolves with false when there is one. */
  cosign(shard: string, cosignature: Cosignature): Promise<boolean>
}
