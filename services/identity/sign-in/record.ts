import type { EntryKind, EntryPayload } from '@azora/contracts'

type Kind = Extract<EntryKind, `session.${string}` | `sign_in.${string}` | `key.${string}`>

/** An entry as this room hands it to the journal, which is its neighbour. */
export type SignInDraft = {
  [K in Kind]: {
    kind: K
    tenant: string
    actor: string
    payload: EntryPayload<K>
  }
}[Kind]

/** Resolves when the entry is durable. */
export type RecordSignIn = (draft: SignInDraft) => Promise<unknown>
