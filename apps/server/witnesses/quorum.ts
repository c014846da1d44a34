import { timestamp } from '@azora/base'
import type { WitnessingView } from '@azora/contracts'
import type { WitnessKey, WitnessPolicy } from '@azora/proof'

/** Whether enough witnesses cosigned what is published. */
export interface Quorum {
  /** A checkpoint became public. */
  onPublished(size: number, atMs: number): void
  /** All that these witnesses are, cosigned the checkpoint of this size. */
  onCosigned(size: number, cosigners: ReadonlySet<WitnessKey>): void
  view(nowMs: number): Pick<WitnessingView, 'rule' | 'holds' | 'since' | 'size'>
}

/** Cosignatures need their time; only what is older than this can lack them. */
export const GRACE_MS = 5_000
const PENDING_MAX = 1_000

export function createQuorum(policy: Pick<WitnessPolicy, 'rule' | 'isQuorum'>): Quorum {
  const needless = policy.isQuorum(new Set())
  let reached: number | undefined
  /** What was published since the rule was met last, smallest first. */
  let pending: Array<{ size: number; atMs: number }> = []
  return {
    onPublished(size, atMs) {
      if (needless || size <= (reached ?? 0)) return
      pending.push({ size, atMs })
      // The first says since when, the newest ones how far it goes; those between say nothing.
      if (pending.length > PENDING_MAX) pending.splice(1, 1)
    },
    onCosigned(size, cosigners) {
      if (!policy.isQuorum(cosigners)) return
      reached = Math.max(size, reached ?? 0)
      pending = pending.filter((one) => one.size > size)
    },
    view(nowMs) {
      const [first] = pending
      const since = first && first.atMs + GRACE_MS < nowMs ? timestamp(first.atMs) : undefined
      return {
        rule: policy.rule,
        holds: since === undefined,
        ...(since !== undefined && { since }),
        ...(reached !== undefined && { size: reached }),
      }
    },
  }
}
