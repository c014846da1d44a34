import {
  ENTRY_PAYLOADS,
  type EntryHeader,
  type EntryKind,
  type EntryPayload,
  type EntryRecord,
  type RunSpec,
} from '@azora/contracts'
import type { Flaw } from './flaw.ts'

/** An entry whose payload was read; it is absent where it was erased or has another form than its kind. */
export interface ReadEntry<K extends EntryKind = EntryKind> {
  header: EntryHeader & { kind: K }
  payload?: EntryPayload<K>
}

/** What the entries of a run say, in their order. */
export interface Story {
  runId: string
  entries: readonly ReadEntry[]
  /** Absent when it was erased. */
  spec?: RunSpec
  /** Where it moved to other versions of its agent. */
  migrations: readonly ReadEntry[]
  /** Indexes of the entries whose payload is missing. */
  erased: ReadonlySet<number>
}

/** An entry of a kind whose payload can be read. */
export type Told<K extends EntryKind> = Required<ReadEntry<K>>

export const isTold = <K extends EntryKind>(entry: ReadEntry, kind: K): entry is Told<K> =>
  entry.header.kind === kind && entry.payload !== undefined

/** Reads one entry. A payload that has another form than its kind is a flaw. */
export function readEntry({ header, payload }: EntryRecord): { entry: ReadEntry; flaw: Flaw } {
  if (payload === undefined) return { entry: { header }, flaw: undefined }
  const parsed = ENTRY_PAYLOADS[header.kind].safeParse(payload)
  if (parsed.success) return { entry: { header, payload: parsed.data }, flaw: undefined }
  return { entry: { header }, flaw: `entry ${header.index} is no ${header.kind}` }
}

/** Reads the entries of a run. */
export function readStory(runId: string, records: readonly EntryRecord[]): { story: Story; flaws: Flaw[] } {
  const read = records.map(readEntry)
  const entries = read.map(({ entry }) => entry)
  const [first] = entries
  const erased = new Set(records.filter(({ payload }) => payload === undefined).map(({ header }) => header.index))
  const spec = first && isTold(first, 'run.scheduled') ? first.payload.spec : undefined
  const migrations = entries.filter(({ header }) => header.kind === 'run.migrated')
  return { story: { runId, entries, migrations, erased, ...(spec && { spec }) }, flaws: read.map(({ flaw }) => flaw) }
}

/**
 * `id@version` of the agent that a run had at an entry, since it may have moved to another version. Undefined where it has none,
 * or where that was erased.
 */
export function agentAt({ spec, migrations }: Story, index: number): string | undefined {
  if (!spec || spec.plan) return undefined
  let version: string | undefined = spec.agentVersion
  for (const entry of migrations) {
    if (entry.header.index >= index) break
    version = isTold(entry, 'run.migrated') ? entry.payload.to : undefined
  }
  return version && `${spec.agentId}@${version}`
}

/** In whose name a run proposed at an entry; undefined where that was erased. */
export function proposerAt(story: Story, index: number): string | undefined {
  if (story.spec?.plan) return story.spec.owner
  const agent = agentAt(story, index)
  return agent && `agent:${agent}`
}
