import { z } from 'zod'
import { Digest, RunId, Timestamp } from './names.ts'
import { PageLimit } from './page.ts'
import { PrincipalId, RunState, Tenant } from './run.ts'

/** What a payload is, for those who decide how long it is kept. */
export const DataClass = z.enum([
  'inputs-and-plans',
  'verdicts',
  'observations-and-outputs',
  'reviews',
  'refusals',
  'controls',
])
export type DataClass = z.infer<typeof DataClass>

const Index = z.int().min(0)

const apart = (ranges: ReadonlyArray<readonly [number, number]>): boolean =>
  ranges.every(([first, last], at) => first <= last && first > (ranges[at - 1]?.[1] ?? -2) + 1)

/** Entries of a shard as ranges of their indexes, both ends included: ascending, and nothing adjoins. */
export const EntryRanges = z
  .array(z.tuple([Index, Index]))
  .max(20_000)
  .refine(apart, 'must be ascending ranges that neither overlap nor adjoin')
export type EntryRanges = z.infer<typeof EntryRanges>

/** Which payloads are to go. */
export const ErasureSelection = z.discriminatedUnion('by', [
  /** Those of runs that the principal owns, took part in or is named in. */
  z.strictObject({ by: z.literal('subject'), subject: PrincipalId }),
  z.strictObject({ by: z.literal('run'), runId: RunId }),
  z.strictObject({ by: z.literal('entries'), entries: EntryRanges.min(1) }),
  /** By a retention rule: those of a class that are older than a time. */
  z.strictObject({ by: z.literal('retention'), class: DataClass, before: Timestamp }),
])
export type ErasureSelection = z.infer<typeof ErasureSelection>

/** A provision, such as `GDPR Art. 17`. */
export const Rule = z.string().min(1).max(200)

/** What a person signs, as canonical JSON (RFC 8785), to have payloads erased. */
export const ErasureStatement = z.strictObject({
  type: z.literal('azora.erasure.v1'),
  erasureId: z.uuid(),
  shard: z.string().max(200),
  selection: ErasureSelection,
  /** Exactly what is erased. */
  entries: EntryRanges.min(1),
  /** SHA-256 over the payload digests of these entries, in order, each followed by a line feed. */
  digest: Digest,
  rule: Rule,
  reason: z.string().min(1).max(2_000),
  by: PrincipalId,
  at: Timestamp,
})
export type ErasureStatement = z.infer<typeof ErasureStatement>

/** Ed25519 (RFC 8032) over the statement's canonical JSON, in base64; the verifier key (C2SP signed-note `vkey`). */
const SIGNED = { signature: z.string().max(100), key: z.string().max(300) }

/** `POST /api/v1/journal/{shard}/erasures` */
export const ErasureRequest = z.strictObject({ statement: ErasureStatement, ...SIGNED })
export type ErasureRequest = z.infer<typeof ErasureRequest>

/** `POST /api/v1/journal/{shard}/erasures/preview` */
export const ErasurePreviewRequest = z.strictObject({ selection: ErasureSelection })
export type ErasurePreviewRequest = z.infer<typeof ErasurePreviewRequest>

const KindCount = z.strictObject({ kind: z.string(), count: z.int().min(1) })

/** What an erasure would erase. */
export const ErasurePreview = z.strictObject({
  shard: z.string(),
  selection: ErasureSelection,
  entries: EntryRanges,
  /** How many entries that is. */
  count: z.int().min(0),
  /** As in {@link ErasureStatement}. */
  digest: Digest,
  byKind: z.array(KindCount),
  /** The first 100 runs of `runCount`. */
  runs: z.array(z.strictObject({ runId: RunId, entries: z.int().min(1) })).max(100),
  runCount: z.int().min(0),
  /** Entries that are kept, and why. */
  kept: z.array(KindCount.extend({ reason: z.string() })),
  /** Runs that have not ended, the first 100 of them: nothing of theirs is erased. */
  openRuns: z.array(z.strictObject({ runId: RunId, state: RunState })).max(100),
  /** True when there is more than one erasure may take: erase this, then ask again. */
  more: z.boolean(),
})
export type ErasurePreview = z.infer<typeof ErasurePreview>

/** An erasure as the API shows it. */
export const ErasureView = ErasureStatement.omit({ type: true, entries: true }).extend({
  /** Of the entry that asked for it. */
  index: Index,
  tenant: Tenant,
  state: z.enum(['requested', 'completed']),
  entries: EntryRanges,
  count: z.int().min(1),
  completedAt: Timestamp.exactOptional(),
})
export type ErasureView = z.infer<typeof ErasureView>

export const ListErasuresQuery = z.strictObject({
  limit: PageLimit,
  /** `next` of the page before. */
  cursor: z.coerce.number().int().min(0).optional(),
})

/** What the owner signs, as canonical JSON (RFC 8785), to set or remove the retention rule of a class. */
export const RetentionStatement = z.strictObject({
  type: z.literal('azora.retention.v1'),
  class: DataClass,
  /** Payloads are erased when they are older than so many days and their run has ended; null removes the rule. */
  days: z.int().min(1).max(36_500).nullable(),
  rule: Rule,
  by: PrincipalId,
  at: Timestamp,
})
export type RetentionStatement = z.infer<typeof RetentionStatement>

/** `POST /api/v1/journal/{shard}/retention` */
export const RetentionRequest = z.strictObject({ statement: RetentionStatement, ...SIGNED })
export type RetentionRequest = z.infer<typeof RetentionRequest>

/** A retention rule that holds. */
export const RetentionView = z.strictObject({
  class: DataClass,
  days: z.int(),
  rule: Rule,
  by: PrincipalId,
  since: Timestamp,
})
export type RetentionView = z.infer<typeof RetentionView>

/** `POST /api/v1/journal/{shard}/retention/run` */
export const RetentionRunRequest = z.strictObject({ dryRun: z.boolean().default(false) })
export type RetentionRunRequest = z.input<typeof RetentionRunRequest>

/** What a rule erases now, or would. */
export const RetentionRun = z.strictObject({
  class: DataClass,
  rule: Rule,
  before: Timestamp,
  count: z.int().min(0),
  byKind: z.array(KindCount),
  /** True when more than this was due than one pass takes; the next one goes on. */
  more: z.boolean(),
})
export type RetentionRun = z.infer<typeof RetentionRun>
