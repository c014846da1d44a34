import { type AzoraError, type Clock, toAzoraError } from '@azora/base'
import type { Entry, EntryHeader, JsonObject, Receipt } from '@azora/contracts'
import { toBase64 } from '@azora/proof'
import { type Position, type Prepared, prepareBatch } from './batch.ts'
import type { Draft, Sealed } from './draft.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Patience } from './patience.ts'
import type { Signing } from './signing.ts'

/** An entry that is durable. */
export interface Committed {
  header: EntryHeader
  /** True when an earlier draft had the same key: `header` is that one's. */
  duplicate: boolean
  /** The proof that the entry is on record; undefined for a duplicate. */
  receipt(): Receipt | undefined
}

/** A draft whose caller waits. */
export interface Waiting {
  draft: Draft
  payload: string
  resolve: (committed: Committed) => void
  /** Answers with an entry that was there before. */
  answer: (header: EntryHeader) => void
  reject: (error: AzoraError) => void
}

/** A batch and what is told of it once it is durable. */
export interface Announced {
  prepared: Prepared
  entries: Entry[]
}

/** A batch as it may be written, if the log ends where it was built on. */
export interface Proposal {
  base: Position
  accepted: readonly Waiting[]
  /** Set when there is something to append. */
  announced?: Announced
  refused: ReadonlyMap<Waiting, AzoraError>
}

export interface ProposalDeps {
  lifecycle: Lifecycle
  signing: Pick<Signing, 'signersAt'>
  clock: Clock
  patience: Pick<Patience, 'tryFor'>
}

/**
 * Decides which drafts may be appended behind `base`, and makes the batch of them.
 *
 * @param trusting whether runs that begin may be taken for new without a look
 */
export async function createProposal(
  { lifecycle, signing, clock, patience }: ProposalDeps,
  fresh: readonly Waiting[],
  base: Position,
  trusting: boolean,
): Promise<Proposal> {
  const drafts = fresh.map(({ draft }) => draft)
  const newRuns = await patience.tryFor(() => lifecycle.load(drafts, trusting))
  const refused = new Map<Waiting, AzoraError>()
  const accepted: Array<Waiting & { runIndex: number | undefined }> = []
  for (const waiting of fresh) {
    try {
      accepted.push({ ...waiting, runIndex: lifecycle.accept(waiting.draft) })
    } catch (thrown) {
      refused.set(waiting, toAzoraError(thrown))
    }
  }
  if (accepted.length === 0) return { base, accepted, refused }
  const nowMs = clock.now()
  const prepared = prepareBatch({ accepted, newRuns }, base, nowMs, signing.signersAt(nowMs))
  const entries = accepted.map(({ draft }, offset) => entryOf(draft, prepared, offset))
  return { base, accepted, announced: { prepared, entries }, refused }
}

/** Tells those who wait that their entries are durable. */
export function acknowledge(accepted: readonly Waiting[], { prepared, entries }: Announced): void {
  accepted.forEach((waiting, offset) => {
    const entry = entries[offset] as Entry
    waiting.resolve({ header: entry.header, duplicate: false, receipt: () => receiptOf(prepared, entry) })
  })
}

function receiptOf({ batch, pathOf }: Prepared, { header, payload, salt }: Entry): Receipt {
  return {
    entry: { header, payload: payload as JsonObject, salt },
    inclusion: { index: header.index, path: pathOf(header).map(toBase64) },
    checkpoint: batch.checkpoint,
  }
}

function entryOf(draft: Draft, { sealed }: Prepared, offset: number): Entry {
  const { header, row } = sealed[offset] as Sealed
  return { header, payload: draft.payload, salt: row.salt?.toString('hex') ?? '' } as Entry
}
