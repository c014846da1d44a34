import { z } from 'zod'
import { TreeHash } from './proof.ts'

const Count = z.int().min(0)

/** A number in an address: only digits, so that nothing else is taken for one. */
const CountInQuery = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/, 'must be a whole number')
  .transform(Number)

/** `GET /api/v1/journal/{shard}/proof/inclusion` */
export const InclusionProofQuery = z.strictObject({
  index: CountInQuery,
  /** Of the tree; the newest public checkpoint's when absent. */
  size: CountInQuery.optional(),
})

/** That an entry is in the tree of `size` entries (RFC 9162, section 2.1.3). */
export const InclusionProof = z.strictObject({
  index: Count,
  size: Count,
  /** Hash of the entry's leaf. */
  leaf: TreeHash,
  /** Leaf side first. */
  path: z.array(TreeHash).max(64),
})
export type InclusionProof = z.infer<typeof InclusionProof>

/** `GET /api/v1/journal/{shard}/proof/consistency` */
export const ConsistencyProofQuery = z.strictObject({
  from: CountInQuery,
  /** The newest public checkpoint's size when absent. */
  to: CountInQuery.optional(),
})

/** That the tree of `to` entries begins with the tree of `from` (RFC 9162, section 2.1.4). */
export const ConsistencyProof = z.strictObject({ from: Count, to: Count, path: z.array(TreeHash).max(128) })
export type ConsistencyProof = z.infer<typeof ConsistencyProof>
