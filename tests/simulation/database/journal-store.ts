import { AzoraError } from '@azora/base'
import type { EntryHeader } from '@azora/contracts'
import type { Batch, CheckpointStore, Head, JournalStore, JournalStores, Row } from '@azora/journal'
import type { Ask } from './link.ts'
import { insert, type Stored, type Tables } from './tables.ts'

/** The journal's tables behind its real ports. */
export const journalStores = (tables: Tables, ask: Ask, onKnown: (size: number) => void): JournalStores => ({
  entries: async () => ({ ...writing(tables, ask, onKnown), ...reading(tables, ask) }),
  checkpoints: checkpointsIn(tables, ask),
  dataKeys: { all: () => ask('data keys', () => []), add: () => ask('data key', () => {}) },
})

/** @param onKnown called with the size of the log when a server learns that a batch is durable */
function writing(
  tables: Tables,
  ask: Ask,
  onKnown: (size: number) => void,
): Pick<JournalStore, 'acquire' | 'head' | 'append' | 'erase'> {
  const known = ({ size }: Head): void => onKnown(size)
  return {
    acquire: (_shard, create) =>
      ask(
        'acquire',
        () => {
          const { epoch, ...head } = tables.head ?? { epoch: 0, size: 0, frontier: [], ...create() }
          tables.head = { ...head, epoch: epoch + 1 }
          return { ...tables.head }
        },
        known,
      ),
    head: () =>
      ask(
        'head',
        () => tables.head && { ...tables.head },
        (head) => head && known(head),
      ),
    append: (batch) =>
      ask(
        'append',
        () => append(tables, batch),
        (done) => done && onKnown(batch.expectedSize + batch.rows.length),
      ),
    erase: () => ask('erase', () => {}),
  }
}

function append(tables: Tables, batch: Batch): boolean {
  const { head } = tables
  if (head?.epoch !== batch.epoch || head.size !== batch.expectedSize) return false
  const taken = batch.rows.some(({ key }) => key !== null && tables.byKey.has(key))
  if (taken || batch.newRuns.some((run) => tables.byRun.has(run)))
    throw new AzoraError('conflict', 'journal_not_new', 'a key or a run of the batch, taken for new, is in the log')
  insert(tables, batch)
  return true
}

const rowOf = ({ row }: Stored): Row => ({ ...row })
const isOf =
  (tenant: string | undefined) =>
  ({ header }: Stored): boolean =>
    tenant === undefined || header.tenant === tenant

function reading(tables: Tables, ask: Ask): Omit<JournalStore, 'acquire' | 'head' | 'append' | 'erase'> {
  const rows = (name: string, find: () => Stored[]): Promise<Row[]> => ask(name, () => find().map(rowOf))
  const ofRun = (run: string): Stored[] => tables.byRun.get(run) ?? []
  const nodeAt = (level: number, index: number) =>
    level === 0 ? tables.entries[index]?.row.leaf : tables.nodes.get(`${level}:${index}`)
  return {
    read: (_shard, from, limit) => rows('read', () => tables.entries.slice(from, from + limit)),
    readPage: (_shard, from, to, { limit }) =>
      rows('page', () => tables.entries.slice(from, Math.min(to, from + limit))),
    readIndexes: (_shard, indexes, tenant) =>
      rows('indexes', () => indexes.flatMap((index) => tables.entries[index] ?? []).filter(isOf(tenant))),
    readKinds: (_shard, kinds, { after, limit }) =>
      rows('kinds', () =>
        tables.entries
          .slice(after + 1)
          .filter(({ header }) => kinds.includes(header.kind))
          .slice(0, limit),
      ),
    readPlaces: (_shard, kinds, size, { after, limit }) =>
      ask('places', () =>
        tables.entries
          .slice(after + 1, size)
          .filter(({ header }) => kinds === 'all' || kinds.includes(header.kind))
          .slice(0, limit)
          .map(({ header }) => header.index),
      ),
    readLast: (_shard, kind) =>
      ask('last', () => {
        const found = tables.entries.findLast(({ header }) => header.kind === kind)
        return found && rowOf(found)
      }),
    readRun: (run, after, limit, tenant) =>
      rows('run', () =>
        ofRun(run)
          .filter(isOf(tenant))
          .filter(({ header }) => header.index > after)
          .slice(0, limit),
      ),
    readKeys: (_shard, keys) => rows('keys', () => keys.flatMap((key) => tables.byKey.get(key) ?? [])),
    readPositions: (runs) =>
      ask('positions', () => {
        const found = runs.flatMap((run) => {
          const last = ofRun(run).at(-1)
          return last ? [[run, positionOf(last.header, tables.states.get(run)?.state)] as const] : []
        })
        return new Map(found)
      }),
    readMoves: (runs) =>
      ask('moves', () => new Map(runs.flatMap((run) => (tables.states.has(run) ? [[run, stateIn(tables, run)]] : [])))),
    readHeaders: (_shard, from, count) =>
      ask('headers', () => tables.entries.slice(from, from + count).map(({ row }) => row.header)),
    readNodes: (_shard, ranges) =>
      ask('nodes', () =>
        ranges.flatMap(({ level, from, count }) =>
          Array.from({ length: count }, (_, at) => from + at).flatMap((index) => {
            const hash = nodeAt(level, index)
            return hash ? [{ level, index, hash }] : []
          }),
        ),
      ),
  }
}

const positionOf = ({ runIndex }: EntryHeader, state: ReturnType<typeof stateIn>['state'] | undefined) => ({
  state,
  next: runIndex === undefined ? undefined : runIndex + 1,
})

function stateIn(tables: Tables, run: string) {
  const found = tables.states.get(run)
  if (found) return found
  throw new Error(`no state of ${run}`)
}

function checkpointsIn(tables: Tables, ask: Ask): CheckpointStore {
  return {
    publish: (_shard, epoch, checkpoint) =>
      ask('publish', () => {
        const newest = tables.published.at(-1)
        if (tables.head?.epoch !== epoch || (newest && newest.size >= checkpoint.size)) return false
        tables.published.push({ ...checkpoint, cosignatures: [] })
        return true
      }),
    newest: () => ask('newest checkpoint', () => tables.published.at(-1)),
    page: (_shard, after, limit) =>
      ask('checkpoints', () => tables.published.filter(({ size }) => size > after).slice(0, limit)),
    cosign: () => ask('cosign', () => false),
  }
}
