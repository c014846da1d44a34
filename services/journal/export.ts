import { encodeEnd, encodeEntries, encodeNodes, encodeStart } from '@azora/audit'
import { AzoraError } from '@azora/base'
import type { PublishedCheckpoint } from '@azora/contracts'
import type { JournalStore, NodeRange, Row } from './store/port.ts'
import { KEPT_LEVELS } from './tree.ts'

interface ExportDeps {
  shard: string
  store: Pick<JournalStore, 'readPage' | 'readMoves' | 'readNodes'>
  checkpoint: () => PublishedCheckpoint
  /** Verifier keys of the log, newest first. */
  keys: () => string[]
}

export interface ExportRange {
  /** Index of the first entry; 0 when absent. */
  from?: number | undefined
  /** Index behind the last entry; the size of the newest public checkpoint when absent, and at most that. */
  to?: number | undefined
}

const PAGE = { limit: 2_000, bytes: 4 * 1024 * 1024 }
const TREE_LEVELS = 48

/**
 * The log as the frames of `@azora/audit`, a page at a time: while one is on its way, the next is read and no further one.
 * Throws `range_invalid`.
 */
export async function* exportLog(deps: ExportDeps, range: ExportRange): AsyncGenerator<Buffer, void, undefined> {
  const checkpoint = deps.checkpoint()
  const { from = 0, to = checkpoint.size } = range
  if (from > to || to > checkpoint.size)
    throw new AzoraError(
      'fix',
      'range_invalid',
      `entries ${from} to ${to} are not all among the first ${checkpoint.size}`,
      {
        remedy: `Ask for a range within 0 and ${checkpoint.size}, the size of the newest public checkpoint.`,
      },
    )
  yield encodeStart(checkpoint.note, deps.keys())
  let at = from
  let coming = pageAt(deps, at, to)
  while (at < to) {
    const page = await coming
    if (page.next === undefined) break
    at = page.next
    coming = pageAt(deps, at, to)
    // Whoever takes no more pages never asks what became of the one that is being read.
    coming.catch(() => {})
    yield page.bytes
  }
  yield encodeEnd(at)
}

interface ExportPage {
  bytes: Buffer
  /** Undefined when there is nothing where entries should be: the export ends early, and says so by its end. */
  next: number | undefined
}

async function pageAt({ shard, store }: ExportDeps, from: number, to: number): Promise<ExportPage> {
  if (from >= to) return { bytes: Buffer.alloc(0), next: from }
  const rows = await store.readPage(shard, from, to, PAGE)
  const last = rows.at(-1)
  if (!last) return { bytes: Buffer.alloc(0), next: undefined }
  const next = last.index + 1
  const ranges = nodesWithin(from, next)
  const moving = rows.filter(movesRun)
  const [moves, nodes] = await Promise.all([
    moving.length > 0 ? store.readMoves([...new Set(moving.map(({ run }) => run as string))]) : new Map(),
    ranges.length > 0 ? store.readNodes(shard, ranges) : [],
  ])
  const entries = rows.map((row) => (row.run !== null && movesRun(row) ? { ...row, state: moves.get(row.run) } : row))
  nodes.sort((a, b) => a.level - b.level || a.index - b.index)
  return { bytes: Buffer.concat([encodeNodes(nodes), encodeEntries(entries)]), next }
}

/** Whether the header names a transition; one that only looks so costs a needless look-up. */
const movesRun = ({ header }: Row): boolean => header.includes('"transition":{')

/** The kept subtrees whose last leaf lies in the range. */
function nodesWithin(from: number, to: number): NodeRange[] {
  const ranges: NodeRange[] = []
  for (let level = KEPT_LEVELS; level < TREE_LEVELS; level += KEPT_LEVELS) {
    const width = 2 ** level
    const first = Math.floor(from / width)
    const count = Math.floor(to / width) - first
    if (count > 0) ranges.push({ level, from: first, count })
  }
  return ranges
}
