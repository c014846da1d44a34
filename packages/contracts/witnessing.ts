import { z } from 'zod'
import { Timestamp } from './names.ts'

/** What the server knows of one witness of its policy. */
export const WitnessView = z.strictObject({
  /** Its name in the policy. */
  name: z.string(),
  /** Verifier key (C2SP tlog-cosignature). */
  key: z.string(),
  url: z.string().exactOptional(),
  /**
   * `ok`: it cosigned the newest checkpoint, or is asked to. `unreachable`: it did not answer in time. `refused`: it
   * doesn't cosign this log. `contradicts`: it saw another log than the one that is here. `unasked`: the policy has no
   * address for it.
   */
  state: z.enum(['ok', 'unreachable', 'refused', 'contradicts', 'unasked']),
  /** The largest checkpoint that it cosigned for this server, and when. */
  size: z.int().min(0).exactOptional(),
  at: Timestamp.exactOptional(),
  problem: z.string().max(1_000).exactOptional(),
})
export type WitnessView = z.infer<typeof WitnessView>

/** `GET /api/v1/journal/{shard}/witnesses`: whether enough witnesses cosign what is published. */
export const WitnessingView = z.strictObject({
  /** The policy's rule in words; `none` when no cosignature is needed. */
  rule: z.string(),
  /** Whether the rule is met by what was published up to some seconds ago. */
  holds: z.boolean(),
  /** Since when it isn't. */
  since: Timestamp.exactOptional(),
  /** The largest checkpoint for which the rule was met. */
  size: z.int().min(0).exactOptional(),
  witnesses: z.array(WitnessView),
})
export type WitnessingView = z.infer<typeof WitnessingView>
