import type { Row } from '../store/port.ts'

/** What the store keeps in the place of payloads. */
export interface PayloadCodec {
  /** Has to resolve before rows are sealed. */
  prepare(rows: readonly Row[]): Promise<void>
  /** The row as it is stored. */
  seal(row: Row): Row
  /** The row as it was before. Throws `payload_unreadable`, `payload_key_missing`. */
  open(row: Row): Row
}

/** A data key as the database has it. */
export interface WrappedKey {
  id: string
  tenant: string
  /** Name of the key-encryption key. */
  kek: string
  wrapped: Uint8Array
  createdAt: string
}

export interface DataKeyStore {
  /** Oldest first. */
  all(): Promise<WrappedKey[]>
  add(key: WrappedKey): Promise<void>
}

/** Keeps what other rooms make from payloads as private as the payloads are: encrypted where those are. */
export interface PrivateTexts {
  /** @param about what the text is, and of what; it opens for the same only. Answers the text itself where nothing is encrypted */
  seal(tenant: string, about: string, text: string): Promise<string>
  /** Throws `payload_unreadable`, `payload_key_missing`. */
  open(about: string, stored: string): string
}
