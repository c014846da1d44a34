import { AzoraError } from '@azora/base'
import type { ConsistencyProof, InclusionProof, PublishedCheckpoint } from '@azora/contracts'
import {
  formatEntryBundle,
  formatTlogProof,
  fromBase64,
  inclusionPath,
  isProvedBy,
  type TilePath,
  tileWidth,
  toBase64,
} from '@azora/proof'
import type { JournalStore } from './store/port.ts'
import { fromNodes, KEPT_LEVELS, proveConsistency } from './tree.ts'

/** What anybody needs to follow the log: proofs about any of its sizes, and its tiles (C2SP tlog-tiles). */
export interface LogProofs {
  /**
   * That entry `index` is in the tree of `size` entries; of the newest public checkpoint, unless a size is named. Throws
   * `proof_out_of_range`.
   */
  inclusion(index: number, size?: number): Promise<InclusionProof>
  /** That the tree of `to` entries continues the one of `from`. Throws `proof_out_of_range`. */
  consistency(from: number, to?: number): Promise<ConsistencyProof>
  /**
   * That an entry is under the newest public checkpoint, in one text (C2SP tlog-proof). Throws `proof_out_of_range`, and
   * `checkpoint_unpublished` for an entry that waits for its checkpoint.
   */
  entry(index: number): Promise<string>
  /** The hashes of a tile, or the headers of its entries as a bundle; undefined when the log has no such tile. */
  tile(tile: TilePath): Promise<Uint8Array | undefined>
}

export interface LogProofsDeps {
  shard: string
  store: Pick<JournalStore, 'readNodes' | 'readHeaders'>
  /** How many entries are durable. */
  size: () => number
  published: () => PublishedCheckpoint
}

export function createLogProofs({ shard, store, size: sizeNow, published }: LogProofsDeps): LogProofs {
  const assertSize = (size: number): void => {
    if (size > sizeNow()) throw outOfRange(`journal shard ${shard} holds ${sizeNow()} entries, not ${size}`)
  }

  async function inclusion(index: number, size = published().size) {
    assertSize(size)
    if (index >= size) throw outOfRange(`entry ${index} is not in a tree of ${size} entries`)
    const [leaf, path] = await fromNodes(store, shard, (nodes) => [nodes(0, index), inclusionPath(index, size, nodes)])
    return { index, size, leaf, path }
  }

  async function entriesOf({ index, width }: TilePath): Promise<Uint8Array> {
    const headers = await store.readHeaders(shard, index * TILE, width)
    return formatEntryBundle(headers.map((header) => Buffer.from(header)))
  }

  return {
    async inclusion(index, size) {
      const proof = await inclusion(index, size)
      return { ...proof, leaf: toBase64(proof.leaf), path: proof.path.map(toBase64) }
    },
    async consistency(from, to = published().size) {
      assertSize(to)
      if (from > to) throw outOfRange(`a tree of ${to} entries can't continue one of ${from}`)
      return { from, to, path: (await proveConsistency(store, shard, from, to)).map(toBase64) }
    },
    async entry(index) {
      const { size, root, note } = published()
      if (index >= size && index < sizeNow()) throw unpublished(index)
      const { leaf, path } = await inclusion(index, size)
      const checkpoint = { origin: shard, size, root: fromBase64(root) ?? new Uint8Array() }
      if (!isProvedBy({ index, path }, leaf, checkpoint)) throw changed(shard, index)
      return formatTlogProof({ index, path, checkpoint: note })
    },
    async tile(tile) {
      if (tile.width > tileWidth(tile, sizeNow())) return undefined
      if (tile.level === 'entries') return entriesOf(tile)
      const range = { level: tile.level * KEPT_LEVELS, from: tile.index * TILE, count: tile.width }
      const nodes = await store.readNodes(shard, [range])
      return Buffer.concat(nodes.sort((a, b) => a.index - b.index).map(({ hash }) => hash))
    },
  }
}

/** A tile's hashes are neighbours on a level that is kept. */
const TILE = 2 ** KEPT_LEVELS

const outOfRange = (message: string): AzoraError =>
  new AzoraError('fix', 'proof_out_of_range', message, {
    remedy: 'Ask for entries and sizes that the newest checkpoint covers.',
  })

const unpublished = (index: number): AzoraError =>
  new AzoraError('retry', 'checkpoint_unpublished', `entry ${index} is under no public checkpoint yet`, {
    retryAfterMs: 1_000,
  })

const changed = (shard: string, index: number): AzoraError =>
  new AzoraError(
    'conflict',
    'journal_corrupt',
    `entry ${index} of journal shard ${shard} does not lead to the newest public checkpoint: the log was changed`,
    { remedy: 'Keep this database as evidence, and restore a backup.' },
  )
