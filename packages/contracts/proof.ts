import { z } from 'zod'
import { EntryRecord } from './entry.ts'

/** A node of the Merkle tree: 32 bytes in base64 in its only canonical form, without stray bits (RFC 4648, section 3.5). */
export const TreeHash = z.string().regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/)

/** Proof that an entry is in the log of a checkpoint (RFC 9162, section 2.1.3). */
export const Inclusion = z.strictObject({
  index: z.int().min(0),
  path: z.array(TreeHash).max(64),
})
export type Inclusion = z.infer<typeof Inclusion>

/** An entry, its inclusion proof and a signed checkpoint (C2SP signed note): what permits an action. */
export const Receipt = z.strictObject({
  entry: EntryRecord,
  inclusion: Inclusion,
  checkpoint: z.string().max(4000),
})
export type Receipt = z.infer<typeof Receipt>

/** An entry of the log of some checkpoint. */
export const ProvenEntry = z.strictObject({ entry: EntryRecord, inclusion: Inclusion })
export type ProvenEntry = z.infer<typeof ProvenEntry>
