import type { EntryKind, EntryPayload } from '@azora/contracts'

type Kind = Extract<EntryKind, `principal.${string}` | `scim.${string}` | 'sign_in.linked' | 'sign_in.unlinked'>

/** Resolves when the entry is durable. */
export type RecordScim = (
  draft: { [K in Kind]: { kind: K; tenant: string; actor: string; payload: EntryPayload<K> } }[Kind],
) => Promise<unknown>

/** Who asks. */
export interface Actor {
  id: string
  tenant: string
}
