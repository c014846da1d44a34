import type { BacktestResult, ConstitutionFiles } from '@azora/contracts'
import type { ScannedEntry } from '@azora/journal'

/** What the worker is started with. */
export interface BacktestJob {
  files: ConstitutionFiles
  environment?: string | undefined
  examples: number
}

/** Entries to judge, or `end`: then it answers with the result. */
export type ToWorker = ScannedEntry[] | 'end'

export type FromWorker =
  | { type: 'ready' }
  /** The draft is no law. */
  | { type: 'refused'; code: string; message: string }
  /** A page is done; `judged` is how many were judged in all. */
  | { type: 'judged'; judged: number }
  | { type: 'result'; result: Omit<BacktestResult, 'durationMs'> }
