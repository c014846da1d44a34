export type { Draft } from './draft.ts'
export { createJournal, type Journal, type JournalDeps, type JournalStatus, type ScannedEntry } from './journal.ts'
export type { KeyStore } from './signing.ts'
export type { Committed } from './writer.ts'
