import type { EntryKind, RunState } from '@azora/contracts'
import type { Hash } from '@azora/proof'

/** Where a shard ends, as its writer knows it. */
export interface Head {
  epoch: number
  size: number
  frontier: Hash[]
  checkpoint: string
}

/** One entry as it is stored. */
export interface Row {
  index: number
  run: string | null
  kind: EntryKind
  /** Canonical JSON of the entry's header; its hash is the leaf. */
  header: string
  leaf: Hash
  /** Canonical JSON; null once erased. */
  payload: string | null
  salt: Buffer | null
  /** Unique within the shard: the same key is never appended twice. */
  key: string | null
  /** Index of the entry under which the payload was erased. */
  erasedBy?: number
}

export interface TreeNode {
  level: number
  index: number
  hash: Hash
}

export interface Batch {
  shard: string
  epoch: number
  /** Size of the shard before the batch. */
  expectedSize: number
  frontier: Hash[]
  checkpoint: string
  rows: Row[]
  /** Roots of complete subtrees that the batch finished, at the levels that are kept. */
  nodes: TreeNode[]
  states: Array<{ run: string; state: RunState; index: number }>
  /** Runs that have no entry before the batch. */
  newRuns: string[]
}

/** Where a run stands in the log. */
export interface RunPosition {
  /** Undefined before it is scheduled. */
  state: RunState | undefined
  /** Place that its next entry gets; undefined when its last entry has none. */
  next: number | undefined
}

/** A run of neighbouring nodes of one level. */
export interface NodeRange {
  level: number
  from: number
  count: number
}

export interface KindPage {
  after: number
  limit: number
  bytes: number
  /** Leave out what was erased. */
  unerased?: boolean
}

export interface Erasure {
  shard: string
  epoch: number
  indexes: readonly number[]
  /** Index of the entry that says why, behind all of them. */
  by: number
}

/**
 * Where the log lies. Contract:
 * - `append` is atomic and durable when it resolves with true. It resolves with false, and changes nothing, unless the
 *   shard stands at exactly `expectedSize` under exactly `epoch`. When it rejects, nobody knows: read the head.
 *   It rejects with `journal_not_new`, and has changed nothing, when an entry has a key that is in the log, or one of
 *   `newRuns` has entries there.
 * - After `acquire` resolves, no append under an earlier epoch can succeed.
 * - Where a tenant is named, the entries of others are not there.
 */
export interface JournalStore {
  /** Takes the shard over under a new epoch; `create` makes the head of a shard that doesn't exist. */
  acquire(shard: string, create: () => Pick<Head, 'checkpoint'>): Promise<Head>
  head(shard: string): Promise<Head | undefined>
  append(batch: Batch): Promise<boolean>
  /** Removes payloads and salts for good, durably; what is gone already stays as it is. Does nothing under another epoch. */
  erase(erasure: Erasure): Promise<void>
  read(shard: string, from: number, limit: number): Promise<Row[]>
  /** Entries of `[from, to)` in their order: up to `limit`, and no more once their payloads hold `bytes`; at least one. */
  readPage(shard: string, from: number, to: number, page: Pick<KindPage, 'limit' | 'bytes'>): Promise<Row[]>
  /** Entries at these places, in their order; those that aren't there are left out. */
  readIndexes(shard: string, indexes: readonly number[], tenant?: string): Promise<Row[]>
  /** Entries of some kinds behind `after` in their order: up to `limit`, and no more once their payloads hold `bytes`. */
  readKinds(shard: string, kinds: readonly EntryKind[], page: KindPage): Promise<Row[]>
  /** The places of what a page of some or all kinds holds, among the first `size` entries, whoever's they are. */
  readPlaces(
    shard: string,
    kinds: readonly EntryKind[] | 'all',
    size: number,
    page: Omit<KindPage, 'unerased'>,
  ): Promise<number[]>
  readLast(shard: string, kind: EntryKind): Promise<Row | undefined>
  readRun(run: string, after: number, limit: number, tenant?: string): Promise<Row[]>
  readKeys(shard: string, keys: string[]): Promise<Row[]>
  /** Where runs stand; a run without entries is left out. */
  readPositions(runs: string[]): Promise<Map<string, RunPosition>>
  /** The last state of runs, and the index of the entry that brought it. */
  readMoves(runs: string[]): Promise<Map<string, { state: RunState; index: number }>>
  /** Headers of `count` entries from `from` on: the leaves of the tree before they are hashed. */
  readHeaders(shard: string, from: number, count: number): Promise<string[]>
  /** In no order; a node that is missing is left out, and one that lies in two ranges may come twice. */
  readNodes(shard: string, ranges: NodeRange[]): Promise<TreeNode[]>
}
