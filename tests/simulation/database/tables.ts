import type { EntryHeader, EntryPayload, RunState } from '@azora/contracts'
import type { Batch, Head, Published, Row } from '@azora/journal'
import type { AskedReview, LedgerChanges, RunChange } from '@azora/orchestrator'

/** An entry as it lies in the database, parsed. */
export interface Stored {
  header: EntryHeader
  // Read by its kind: see `payloadOf`.
  payload: unknown
  row: Row
}

/** A review as the list keeps it. */
export interface ListedReview extends AskedReview {
  run: string
  tenant: string
}

/** What survives everything: the disk of the database. */
export interface Tables {
  head: Head | undefined
  entries: Stored[]
  byRun: Map<string, Stored[]>
  byKey: Map<string, Stored>
  nodes: Map<string, Uint8Array>
  states: Map<string, { state: RunState; index: number }>
  published: Published[]
  listed: Map<string, RunChange>
  reviews: Map<string, ListedReview>
  /** When time moves runs on that are at rest; infinite for those that it never does. */
  rests: Map<string, number>
  /** How far the list of runs has followed. */
  cursor: number
  budgets: {
    next: number
    used: Map<string, LedgerChanges['used'][number]>
    open: Map<string, LedgerChanges['open'][number]>
  }
  manifests: Map<string, { digest: string; manifest: unknown }>
  /** Called with each batch when it is durable, in the order of the log. */
  onAppended: (entries: readonly Stored[]) => void
}

export const emptyTables = (): Tables => ({
  head: undefined,
  entries: [],
  byRun: new Map(),
  byKey: new Map(),
  nodes: new Map(),
  states: new Map(),
  published: [],
  listed: new Map(),
  reviews: new Map(),
  rests: new Map(),
  cursor: 0,
  budgets: { next: 0, used: new Map(), open: new Map() },
  manifests: new Map(),
  onAppended: () => {},
})

export function payloadOf<K extends EntryHeader['kind']>(
  { header, payload }: Stored,
  kind: K,
): EntryPayload<K> | undefined {
  return header.kind === kind ? (payload as EntryPayload<K>) : undefined
}

/** Writes a batch, all of it. The caller has checked that it may. */
export function insert(tables: Tables, batch: Batch): void {
  const fresh = batch.rows.map(
    (row): Stored => ({ header: JSON.parse(row.header), payload: JSON.parse(row.payload ?? 'null'), row }),
  )
  tables.entries.push(...fresh)
  for (const stored of fresh) {
    const { run, key } = stored.row
    if (run !== null) {
      const own = tables.byRun.get(run) ?? []
      tables.byRun.set(run, own)
      own.push(stored)
    }
    if (key !== null) tables.byKey.set(key, stored)
  }
  for (const { level, index, hash } of batch.nodes) tables.nodes.set(`${level}:${index}`, hash)
  for (const { run, state, index } of batch.states) tables.states.set(run, { state, index })
  tables.head = {
    epoch: batch.epoch,
    size: batch.expectedSize + batch.rows.length,
    frontier: batch.frontier,
    checkpoint: batch.checkpoint,
  }
  tables.onAppended(fresh)
}
