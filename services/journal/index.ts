export type { Draft } from './draft.ts'
export {
  ERASED_AT_ONCE_MAX,
  type Journal,
  type JournalDeps,
  type JournalStatus,
  type JournalStores,
} from './journal.ts'
export { createJournal, openJournal } from './open-journal.ts'
export type { Trouble } from './patience.ts'
export type { PrivateTexts } from './payloads/port.ts'
export type { PayloadEncryption } from './payloads/vault.ts'
export type { LogProofs } from './proofs.ts'
export type { Committed } from './proposal.ts'
export type { Proven } from './prove.ts'
export type { CheckpointStore, Published } from './publish/port.ts'
export type { ScannedEntry, TenantKeys, TenantReader, TenantRuns } from './reader.ts'
export type { KeyStore } from './signing.ts'
export type { Batch, Head, JournalStore, Row } from './store/port.ts'
