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
  /** People may have to decide about something of it, also while it is paused. */
  asks?: boolean
  /** Of the last of its entries that moved it. */
  index: number
  /** Of its first entry. */
  since?: number
}
