export type { Draft } from './draft.ts'
export {
  createJournal,
  ERASED_AT_ONCE_MAX,
  type Journal,
  type JournalDeps,
  type JournalStatus,
  type ScannedEntry,
} from './journal.ts'
export type { LogProofs } from './proofs.ts'
export type { KeyStore } from './signing.ts'
export type { Committed } from './writer.ts'
