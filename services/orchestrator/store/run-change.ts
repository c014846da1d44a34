import type { Failure, RunSpec, RunState } from '@azora/contracts'

/** A run's spec as the list keeps it. */
export type ListedSpec = RunSpec & { erased?: true }

/** What one page of entries changes about one run; absent fields stay. */
export interface RunChange {
  id: string
  tenant: string
  spec?: ListedSpec
  state?: RunState
  startedAt?: string
  finishedAt?: string
  error?: Failure
  reviews?: ReviewChanges
  /** Of the last of its entries that moved it. */
  index: number
  /** Of its first entry. */
  since?: number
}

export interface AskedReview {
  id: string
  /** Of the entry that asked. */
  index: number
  requestedAt: string
  expiresAt?: string
  quorum: number
  /** Whether it may still wait. */
  open: boolean
}

/** What becomes of a run's reviews. Those of before come first: they are settled or gone, then others are asked for. */
export interface ReviewChanges {
  asked: readonly AskedReview[]
  /** Of before: decided, or expired. */
  settled: readonly string[]
  /** Of before: approved by somebody, which settles those that need nobody else. */
  approved: readonly string[]
  /** All of before: the run goes on without them, or has ended. */
  earlier?: 'settled' | 'gone'
}
