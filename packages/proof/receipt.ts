import type { EntryHeader, EntryRecord, Inclusion, Receipt } from '@azora/contracts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { canonical, payloadDigest } from './digest.ts'
import { headerText } from './header.ts'
import { createInclusionCheck, type IncludesLeaf } from './inclusion.ts'
import type { Verifier } from './keys.ts'
import { type Hash, leafHash } from './merkle.ts'

/** The bytes that the log commits to for an entry. */
export const leafOf = (header: EntryHeader): Hash => leafHash(headerText(header))

/** Why an entry isn't proved, in words; undefined when it is. */
export type Flaw = string | undefined

/**
 * Checks that the log of `checkpoint` contains the entry, and that the payload, where present, is the one committed to.
 *
 * @param includes of that checkpoint, for those who check many entries
 */
export function flawInEntry(
  entry: EntryRecord,
  inclusion: Inclusion,
  checkpoint: Checkpoint,
  includes: IncludesLeaf = createInclusionCheck(checkpoint),
): Flaw {
  const { header, payload, salt } = entry
  if (header.shard !== checkpoint.origin)
    return `entry ${header.index} belongs to log ${header.shard}, the checkpoint to ${checkpoint.origin}`
  if (header.index !== inclusion.index)
    return `entry ${header.index} carries the inclusion proof of leaf ${inclusion.index}`
  if (!includes(inclusion.index, leafOf(header), inclusion.path))
    return `entry ${header.index} is not in the log of the checkpoint, or was altered`
  if (payload === undefined && salt === undefined) return undefined
  if (payload === undefined || salt === undefined)
    return `entry ${header.index} has a payload without its salt, or a salt without its payload`
  if (payloadDigest(salt, canonical(payload)) !== header.payloadDigest)
    return `the payload of entry ${header.index} was altered`
  return undefined
}

/**
 * Checks receipts against the journal's keys of the moment. Remembers the last checkpoint, as many receipts share one,
 * for as long as the keys are the same.
 */
export function createReceiptVerifier(...verifiers: readonly Verifier[]): (receipt: Receipt) => Flaw {
  return createReceiptVerifierOf(() => verifiers)
}

/** @param verifiersNow asked for each receipt */
export function createReceiptVerifierOf(verifiersNow: () => readonly Verifier[]): (receipt: Receipt) => Flaw {
  let lastNote = ''
  let lastKeys = ''
  let last: { checkpoint: Checkpoint; includes: IncludesLeaf } | undefined
  return (receipt) => {
    const verifiers = verifiersNow()
    const keys = verifiers.map(({ text }) => text).join()
    if (receipt.checkpoint !== lastNote || keys !== lastKeys) {
      const opened = openCheckpoint(receipt.checkpoint, ...verifiers)
      if (!opened) return 'the checkpoint is not signed by the journal'
      last = { checkpoint: opened, includes: createInclusionCheck(opened) }
      lastNote = receipt.checkpoint
      lastKeys = keys
    }
    if (!last) return 'the checkpoint is not signed by the journal'
    return flawInEntry(receipt.entry, receipt.inclusion, last.checkpoint, last.includes)
  }
}
