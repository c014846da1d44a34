import { timestamp } from '@azora/base'
import type { EntryHeader } from '@azora/contracts'
import {
  type Checkpoint,
  extend,
  type Frontier,
  type Hash,
  inclusionPath,
  rootOf,
  type Signer,
  signCheckpoint,
} from '@azora/proof'
import { type Draft, type Sealed, seal } from './draft.ts'
import type { Batch, TreeNode } from './store/port.ts'
import { KEPT_LEVELS } from './tree.ts'

/** Where the writer stands between two batches. */
export interface Position {
  shard: string
  epoch: number
  frontier: Frontier
  /** Time of the last entry, milliseconds since 1970. */
  lastMs: number
}

/** A draft that may be appended. */
export interface Accepted {
  draft: Draft
  /** Canonical JSON. */
  payload: string
  /** Its place in its run. */
  runIndex?: number | undefined
}

export interface Prepared {
  batch: Batch
  sealed: Sealed[]
  after: Position
  /** Inclusion path of an entry of this batch in the batch's own checkpoint. */
  pathOf(header: EntryHeader): Hash[]
}

/** Seals drafts in their places behind `position`, grows the tree over them and signs its new root: no I/O. */
export function prepareBatch(
  { accepted, newRuns }: { accepted: readonly Accepted[]; newRuns: string[] },
  position: Position,
  nowMs: number,
  signers: readonly Signer[],
): Prepared {
  const { shard, epoch, frontier } = position
  // Time never runs backwards within a shard, whatever the machine's clock does.
  const atMs = Math.max(nowMs, position.lastMs)
  const at = timestamp(atMs)
  const sealed = accepted.map(({ draft, payload, runIndex }, offset) =>
    seal(draft, payload, { shard, index: frontier.size + offset, at, ...(runIndex !== undefined && { runIndex }) }),
  )
  const before = new Map<string, Hash>(frontierNodes(frontier))
  /** By level, the neighbouring nodes that the batch makes, from `first` on. */
  const levels: Array<{ first: number; hashes: Hash[] }> = []
  const nodes: TreeNode[] = []
  const grown = extend(
    frontier,
    sealed.map(({ row }) => row.leaf),
    (level, index, hash) => {
      levels[level] ??= { first: index, hashes: [] }
      levels[level].hashes.push(hash)
      if (level > 0 && level % KEPT_LEVELS === 0) nodes.push({ level, index, hash })
    },
  )
  const checkpoint: Checkpoint = { origin: shard, size: grown.size, root: rootOf(grown) }
  const states = new Map<string, Batch['states'][number]>()
  for (const { header } of sealed) {
    if (header.run && header.transition)
      states.set(header.run, { run: header.run, state: header.transition.to, index: header.index })
  }
  const batch: Batch = {
    shard,
    epoch,
    expectedSize: frontier.size,
    frontier: [...grown.roots],
    checkpoint: signCheckpoint(checkpoint, ...signers),
    rows: sealed.map(({ row }) => row),
    nodes,
    newRuns,
    states: [...states.values()],
  }
  return {
    batch,
    sealed,
    after: { shard, epoch, frontier: grown, lastMs: atMs },
    pathOf: (header) =>
      inclusionPath(header.index, grown.size, (level, index) => {
        const made = levels[level]
        return (made?.hashes[index - made.first] ?? before.get(`${level}:${index}`)) as Hash
      }),
  }
}

/** The frontier's roots under the names by which proofs ask for them. */
function* frontierNodes({ size, roots }: Frontier): Iterable<[string, Hash]> {
  let start = 0
  for (const root of roots) {
    const level = Math.floor(Math.log2(size - start))
    yield [`${level}:${start / 2 ** level}`, root]
    start += 2 ** level
  }
}
