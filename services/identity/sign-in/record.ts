import type { EntryKind, EntryPayload } from '@azora/contracts'

/** An entry as this room hands it to the journal, which is its neighbour. */
export type SignInDraft = {
  [K in Extract<EntryKind, `session.${string}` | `sign_in.${string}`>]: {
    kind: K
    tenant: string
    actor: string
    payload: EntryPayload<K>
  }
}[Extract<EntryKind, `session.${string}` | `sign_in.${string}`>]

/** Resolves when the entry is durable. */
export type RecordSignIn = (draft: SignInDraft) => Promise<unknown>
