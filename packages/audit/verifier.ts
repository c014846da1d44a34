import { dataClassOf, ENTRY_PAYLOADS, type EntryHeader, type KeyEndorsement } from '@azora/contracts'
import { equal, extend, type Frontier, type Hash, rootOf } from '@azora/proof'
import { payloadOf, readEntry } from './entry.ts'
import { createErasedEntries } from './erased.ts'
import type { Flaw } from './flaw.ts'
import type { LoggedEntry } from './frames.ts'
import { createRunChecker, type RunShelf } from './runs.ts'

/** How far a log was verified: all that going on from there takes. */
export interface LogPosition {
  origin: string
  size: number
  /** Roots of the complete subtrees, largest first. */
  roots: readonly Hash[]
  /** Time of the last entry; empty without one. */
  lastAt: string
  /** The log's endorsements of its keys so far, oldest first. */
  chain: readonly KeyEndorsement[]
}

export const startOf = (origin: string): LogPosition => ({ origin, size: 0, roots: [], lastAt: '', chain: [] })

/** An earlier size of the log and the root that it had then. */
export interface EarlierRoot {
  size: number
  root: Hash
}

/** Checks a log entry by entry, in bounded memory. It does no I/O; the first flaw ends it. */
export interface LogVerifier {
  addEntry(entry: LoggedEntry): Flaw | undefined
  /** A root of a complete subtree that the server keeps; comes before the last entry below it. */
  addNode(node: { level: number; index: number; hash: Hash }): Flaw | undefined
  /**
   * Checks that what was added are the entries of a checkpoint, and that every run is whole. Entries may be added again
   * afterwards, and then it may be called again.
   */
  finish(root: Hash): Promise<Flaw | undefined>
  position(): LogPosition
  /** Of what was added: runs that began, and entries whose payload is gone. */
  counts(): { runs: number; erased: number }
}

export interface VerifierOptions {
  from: LogPosition
  shelf: RunShelf
  /** Roots that the log must have had; those of sizes before `from` can't be looked at. */
  earlier?: readonly EarlierRoot[]
  /** Levels at which the server keeps nodes: multiples of this. */
  keptLevels?: number
}

const KEPT_LEVELS = 8
const NODES_MAX = 10_000
const LEAVES_AT_ONCE = 256

export function createLogVerifier({
  from,
  shelf,
  earlier = [],
  keptLevels = KEPT_LEVELS,
}: VerifierOptions): LogVerifier {
  const { origin } = from
  const runs = createRunChecker(shelf)
  const erased = createErasedEntries()
  const chain = [...from.chain]
  const watched = new Map(earlier.filter(({ size }) => size >= from.size).map(({ size, root }) => [size, root]))
  /** The server's nodes, until the entries make theirs. */
  const kept = new Map<string, Hash>()
  let frontier: Frontier = { size: from.size, roots: from.roots }
  let lastAt = from.lastAt
  let leaves: Hash[] = []

  function grow(): Flaw | undefined {
    if (leaves.length === 0) return undefined
    let flaw: Flaw | undefined
    frontier = extend(frontier, leaves, (level, index, hash) => {
      if (level > 0 && level % keptLevels === 0) flaw ??= flawInNode(level, index, hash)
    })
    leaves = []
    return flaw
  }

  function flawInNode(level: number, index: number, hash: Hash): Flaw | undefined {
    const name = nameOf(level, index)
    const own = kept.get(name)
    kept.delete(name)
    if (own && equal(own, hash)) return undefined
    const width = 2 ** level
    const entries = `the entries ${index * width} to ${(index + 1) * width - 1}`
    const what = own
      ? `the kept node ${name} is not the root of ${entries}: it or one of them was altered`
      : `the kept node ${name}, the root of ${entries}, is missing`
    return { code: 'node_differs', what }
  }

  function flawInEarlier(size: number): Flaw | undefined {
    const wanted = watched.get(size)
    if (!wanted) return undefined
    return grow() ?? (equal(rootOf(frontier), wanted) ? undefined : rewritten(size))
  }

  function readPayload(header: EntryHeader, entry: LoggedEntry): Flaw | undefined {
    const { index, kind } = header
    if (entry.payloadInput === undefined) {
      if (!dataClassOf(kind))
        return { code: 'payload_missing', index, what: `its payload is gone, and a payload of ${kind} is never erased` }
      erased.add(index)
      return undefined
    }
    if (kind === 'erasure.requested') {
      const requested = ENTRY_PAYLOADS[kind].safeParse(payloadOf(entry))
      if (!requested.success) return { code: 'payload_missing', index, what: 'it is no record of an erasure' }
      // It can account for what came before it only: nothing later has been looked at yet.
      for (const [first, last] of requested.data.statement.entries) erased.explain(first, last)
    }
    if (kind !== 'journal.key_rotated') return undefined
    const rotated = ENTRY_PAYLOADS[kind].safeParse(payloadOf(entry))
    if (!rotated.success) return { code: 'keys_broken', index, what: 'it is no change of the key' }
    chain.push(rotated.data.endorsement)
    return undefined
  }

  return {
    addEntry(entry) {
      const index = frontier.size + leaves.length
      const read = readEntry(entry, { origin, index, lastAt })
      if ('code' in read) return read
      const { header, leaf } = read
      leaves.push(leaf)
      lastAt = header.at
      return (
        runs.add(header, entry.kept.state) ??
        readPayload(header, entry) ??
        flawInEarlier(index + 1) ??
        (leaves.length >= LEAVES_AT_ONCE ? grow() : undefined)
      )
    },
    addNode({ level, index, hash }) {
      const end = (index + 1) * 2 ** level
      if (end > frontier.size + leaves.length && kept.size < NODES_MAX) kept.set(nameOf(level, index), hash)
      else return { code: 'node_differs', what: `the kept node ${nameOf(level, index)} comes at the wrong place` }
      return undefined
    },
    async finish(root) {
      const flaw = grow() ?? (from.size > 0 ? flawInEarlier(from.size) : undefined)
      if (flaw) return flaw
      const { size } = frontier
      const longer = earlier.find((kept) => kept.size > size)
      if (longer) return truncated(longer.size, size)
      if (!equal(rootOf(frontier), root)) {
        const where = from.size === 0 ? '' : `; the first ${from.size} were not read again, so it may be one of those`
        const what = `the ${size} entries do not have the root of the checkpoint: an entry and what is stored beside it were altered, or the checkpoint is of another log${where}`
        return { code: 'root_differs', what }
      }
      const [extra] = kept.keys()
      if (extra !== undefined)
        return { code: 'node_differs', what: `there is a kept node ${extra}, whose entries are not there` }
      const unexplained = erased.unexplained()
      if (unexplained !== undefined)
        return {
          code: 'payload_missing',
          index: unexplained,
          what: 'its payload is gone, and no entry says that it was erased',
        }
      return runs.finish(size)
    },
    position: () => {
      grow()
      return { origin, size: frontier.size, roots: frontier.roots, lastAt, chain: [...chain] }
    },
    counts: () => ({ runs: runs.count, erased: erased.count }),
  }
}

const nameOf = (level: number, index: number): string => `${level}/${index}`

const rewritten = (size: number): Flaw => ({
  code: 'log_rewritten',
  what: `the log does not continue the checkpoint of ${size} entries that was kept: one of its first ${size} entries was altered, or it is another log`,
})

const truncated = (kept: number, size: number): Flaw => ({
  code: 'log_truncated',
  what: `a checkpoint of ${kept} entries was kept, but the log has only ${size}: its tail was cut off, or it is another log`,
})
