import type { Entry, EntryKind, EntryRecord, RunState } from '@azora/contracts'
import type { JournalStore, Row } from './store/port.ts'

/** An entry as it is stored. */
export interface ScannedEntry {
  index: number
  kind: EntryKind
  run: string | null
  /** Canonical JSON. */
  header: string
  /** Canonical JSON; null once erased. */
  payload: string | null
}

export interface ScanOptions {
  /** Only of some kinds: leave out what was erased. */
  unerased?: boolean
}

/** What somebody of a tenant may read: to the database, other tenants' entries are not there. */
export interface TenantReader extends Pick<JournalReader, 'readRun' | 'records'> {
  /** The entry at a place; undefined for another tenant's. */
  entry(index: number): Promise<Entry | undefined>
  /** The entry that was appended under a key; undefined for another tenant's. */
  keyed(key: string): Promise<Entry | undefined>
  /** All entries of some or all kinds, in order: of each page of the log, those that are the tenant's. */
  scan(kinds: readonly EntryKind[] | 'all'): AsyncGenerator<ScannedEntry, void, undefined>
}

/** Where it is found what somebody of a tenant asked for under a key. */
export interface TenantKeys {
  within(tenant: string): Pick<TenantReader, 'keyed'>
}

/** Runs as somebody of a tenant may read them. */
export interface TenantRuns {
  within(tenant: string): Pick<TenantReader, 'readRun'>
}

/** The log as the server reads it, for its own work; see `within` for what is asked by somebody. */
export interface JournalReader {
  within(tenant: string): TenantReader
  /** Entries of one run in order, behind the index `after`; all of them unless bounded. */
  readRun(run: string, after?: number, limit?: number): Promise<Entry[]>
  /** The same as they are published: without the payloads that were erased. */
  records(run: string): Promise<EntryRecord[]>
  /** Up to `limit` entries of all runs from `from` on. */
  read(from: number, limit: number): Promise<Entry[]>
  /**
   * Entries of some or all kinds behind the index `after`, unparsed, as many as a page may hold: for those who go through
   * the whole log. Empty at its end.
   */
  scan(kinds: readonly EntryKind[] | 'all', after: number, options?: ScanOptions): Promise<ScannedEntry[]>
  /** The newest entry of a kind; its payload is null when it was erased. */
  last<K extends EntryKind>(kind: K): Promise<Entry<K> | undefined>
  /** The states of runs as their entries have them; a run that is unknown is left out. */
  states(runs: string[]): Promise<Map<string, RunState>>
}

/** Entries of a run that are read. */
const RUN_ENTRIES_MAX = 20_000
export const PAGE = { limit: 1_000, bytes: 8 * 1024 * 1024 }

/** @param size entries that are known to be durable */
export function createReader(store: JournalStore, shard: string, size: () => number): JournalReader {
  const runsOf = (tenant?: string): Pick<JournalReader, 'readRun' | 'records'> => ({
    readRun: async (run, after = -1, limit = RUN_ENTRIES_MAX) =>
      (await store.readRun(run, after, limit, tenant)).map(entryOf),
    records: async (run) => (await store.readRun(run, -1, RUN_ENTRIES_MAX, tenant)).map(recordOf),
  })
  async function entryAt(index: number, tenant: string): Promise<Entry | undefined> {
    const [row] = await store.readIndexes(shard, [index], tenant)
    return row && entryOf(row)
  }
  return {
    ...runsOf(),
    within: (tenant) => ({
      ...runsOf(tenant),
      entry: (index) => entryAt(index, tenant),
      async keyed(key) {
        const [row] = await store.readKeys(shard, [key])
        return row && entryAt(row.index, tenant)
      },
      async *scan(kinds) {
        for (let after: number | undefined = -1; after !== undefined; ) {
          // Sought under the policy, a page would be looked for in the whole log; so its places are known first.
          const places: number[] = await store.readPlaces(shard, kinds, size(), { after, ...PAGE })
          if (places.length > 0) yield* (await store.readIndexes(shard, places, tenant)).map(scannedOf)
          after = places.at(-1)
        }
      },
    }),
    read: async (from, limit) => (await store.read(shard, from, limit)).map(entryOf),
    async scan(kinds, after, options) {
      const rows =
        kinds === 'all'
          ? await store.readPage(shard, after + 1, size(), PAGE)
          : await store.readKinds(shard, kinds, { after, ...PAGE, ...options })
      return rows.map(scannedOf)
    },
    async last<K extends EntryKind>(kind: K) {
      const row = await store.readLast(shard, kind)
      return row && (entryOf(row) as Entry<K>)
    },
    async states(runs) {
      const known = [...(await store.readPositions(runs))]
      return new Map(known.flatMap(([run, { state }]) => (state === undefined ? [] : [[run, state]])))
    },
  }
}

/** A row of ours: the writer parsed it before it was stored, so it is trusted here. */
function entryOf(row: Row): Entry {
  return {
    header: JSON.parse(row.header),
    payload: JSON.parse(row.payload ?? 'null'),
    salt: row.salt?.toString('hex') ?? '',
    ...erasedByOf(row),
  } as Entry
}

const erasedByOf = ({ erasedBy }: Row) => (erasedBy === undefined ? {} : { erasedBy })

const scannedOf = ({ index, kind, run, header, payload }: Row): ScannedEntry => ({ index, kind, run, header, payload })

export function recordOf(row: Row): EntryRecord {
  const header = JSON.parse(row.header)
  if (row.payload === null || row.salt === null) return { header, ...erasedByOf(row) }
  return { header, payload: JSON.parse(row.payload), salt: row.salt.toString('hex') }
}
