import { AzoraError } from '@azora/base'
import type { ProvenEntry } from '@azora/contracts'
import { openCheckpoint, parseNote, toBase64, type Verifier } from '@azora/proof'
import { recordOf } from './reader.ts'
import type { JournalStore, Row } from './store/port.ts'
import { proveInclusion } from './tree.ts'

/** Entries, each with its proof under one checkpoint. */
export interface Proven {
  /** Signed note, with the cosignatures that it has. */
  checkpoint: string
  entries: ProvenEntry[]
}

export interface ProveDeps {
  shard: string
  store: JournalStore
  /** Public checkpoints of more than `after` entries, smallest first. */
  published: (after: number) => Promise<Array<{ note: string }>>
  /** Resolves with the next public checkpoint, or when it takes too long. */
  nextPublished: () => Promise<unknown>
  /** Who signs now. */
  active: () => Verifier
}

const PAGE = 500

/**
 * Proves entries under the public checkpoint that most parties signed. What is not public yet is waited for, a moment;
 * then the newest committed tree head serves.
 *
 * @param indexes in ascending order
 * @param bytesMax what their payloads may hold together; throws `proof_too_large` beyond
 */
export async function proveEntries(deps: ProveDeps, indexes: readonly number[], bytesMax: number): Promise<Proven> {
  const { shard, store } = deps
  const rows = await readRows(deps, indexes, bytesMax)
  const { note, size } = await chooseCheckpoint(deps, indexes.at(-1) ?? 0)
  const paths = await proveInclusion(store, shard, size, [...indexes])
  const entries = rows.map((row, at) => ({
    entry: recordOf(row),
    inclusion: { index: row.index, path: (paths[at] ?? []).map(toBase64) },
  }))
  return { checkpoint: note, entries }
}

async function readRows({ shard, store }: ProveDeps, indexes: readonly number[], bytesMax: number): Promise<Row[]> {
  const rows: Row[] = []
  let bytes = 0
  for (let at = 0; at < indexes.length; at += PAGE) {
    const page = await store.readIndexes(shard, indexes.slice(at, at + PAGE))
    for (const { payload } of page) bytes += payload?.length ?? 0
    if (bytes > bytesMax) throw tooLarge(bytesMax)
    rows.push(...page)
  }
  if (rows.length === indexes.length) return rows
  throw new AzoraError('missing', 'entry_not_found', `journal shard ${shard} has no such entries`)
}

async function chooseCheckpoint(deps: ProveDeps, lastIndex: number): Promise<{ note: string; size: number }> {
  const found = await publicCheckpoint(deps, lastIndex)
  if (found) return found
  await deps.nextPublished()
  const later = await publicCheckpoint(deps, lastIndex)
  if (later) return later
  const head = await deps.store.head(deps.shard)
  if (!head) throw new AzoraError('bug', 'journal_shard_missing', `journal shard ${deps.shard} vanished`)
  return { note: head.checkpoint, size: head.size }
}

/** Of the public checkpoints that hold the entry and that today's key signed, the one with the most signatures. */
async function publicCheckpoint({ published, active }: ProveDeps, lastIndex: number) {
  let best: { note: string; size: number; signatures: number } | undefined
  for (const { note } of await published(lastIndex)) {
    const size = openCheckpoint(note, active())?.size
    const signatures = parseNote(note)?.signatures.length ?? 0
    if (size !== undefined && signatures > (best?.signatures ?? 0)) best = { note, size, signatures }
  }
  return best
}

const tooLarge = (bytesMax: number): AzoraError =>
  new AzoraError('fix', 'proof_too_large', `the payloads of these entries hold more than ${bytesMax} bytes together`, {
    remedy: 'Ask for fewer entries; GET /api/v1/runs/{runId}/entries gives them without proofs.',
  })
