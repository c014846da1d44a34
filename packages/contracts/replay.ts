import { z } from 'zod'
import { BacktestExample, ConstitutionFiles } from './constitution.ts'
import { EntryKind } from './entry.ts'
import { Json } from './json.ts'
import { Digest, Name, RunId, Timestamp, Version } from './names.ts'
import { RunState } from './run.ts'

const MODULE_CHARACTERS_MAX = 262_144
const MODULES_MAX = 200
/** All files of an agent's draft together, in UTF-16 code units. */
const DRAFT_CHARACTERS_MAX = 2 * 1024 * 1024

const ModulePath = z
  .string()
  .max(300)
  .regex(
    /^(?!(.*\/)?node_modules\/)([\w@+-][\w@+.-]*\/)*[\w@+-][\w@+.-]*\.(ts|mts|js|mjs|json)$/,
    'must be a relative path to a .ts, .mts, .js, .mjs or .json file outside node_modules',
  )

/** The source of an agent that isn't in the catalogue: its module and what that imports by relative path. */
export const AgentModule = z
  .strictObject({
    entrypoint: ModulePath,
    files: z
      .array(z.strictObject({ path: ModulePath, text: z.string().max(MODULE_CHARACTERS_MAX) }))
      .min(1)
      .max(MODULES_MAX),
  })
  .refine(({ files }) => new Set(files.map(({ path }) => path)).size === files.length, 'names a file twice')
  .refine(
    ({ entrypoint, files }) => files.some(({ path }) => path === entrypoint),
    'its entrypoint is not among its files',
  )
  .refine(
    ({ files }) => files.reduce((sum, { text }) => sum + text.length, 0) <= DRAFT_CHARACTERS_MAX,
    `is larger than ${DRAFT_CHARACTERS_MAX} characters`,
  )
export type AgentModule = z.infer<typeof AgentModule>

/** `POST /api/v1/runs/{runId}/replay`: without a member, the run is replayed as it was. */
export const ReplayRequest = z
  .strictObject({
    /** Judge what is on record by another law: a draft's files, or a version that is kept. */
    constitution: z
      .union([z.strictObject({ files: ConstitutionFiles }), z.strictObject({ digest: Digest })])
      .exactOptional(),
    /** Ask another agent at each turn: a version of the catalogue, or a draft. */
    agent: z
      .union([z.strictObject({ agentId: Name, version: Version }), z.strictObject({ module: AgentModule })])
      .exactOptional(),
    /** Go on after the first divergence. */
    all: z.boolean().default(false),
    /** Take the agent's recorded answers for given. */
    withoutAgent: z.boolean().default(false),
  })
  .refine(
    ({ constitution, agent, withoutAgent }) =>
      [constitution !== undefined, agent !== undefined, withoutAgent].filter(Boolean).length <= 1,
    'another constitution, another agent and no agent are three questions: ask one at a time',
  )
export type ReplayRequest = z.input<typeof ReplayRequest>

/**
 * What was decided otherwise: the agent's answer, the check of its plan, the action that a step became, the verdict on it,
 * what the constitution found in an outcome, the ruling on the final output, or the next move of the run.
 */
export const DivergenceKind = z.enum(['agent', 'plan', 'action', 'verdict', 'observation', 'output', 'transition'])
export type DivergenceKind = z.infer<typeof DivergenceKind>

/** A value that is not the same; absent on the side that doesn't have it. */
export const Difference = z.strictObject({
  /** Where, as a JSON Pointer (RFC 6901). */
  pointer: z.string(),
  recorded: Json.exactOptional(),
  now: Json.exactOptional(),
})
export type Difference = z.infer<typeof Difference>

const Place = {
  /** Index of the journal's entry. */
  index: z.int().min(0),
  entry: EntryKind,
  at: Timestamp,
  turn: z.int().min(0).exactOptional(),
  step: z.string().exactOptional(),
}

/** A recorded decision that isn't made again. */
export const Divergence = z.strictObject({
  ...Place,
  kind: DivergenceKind,
  /** In words. */
  message: z.string(),
  /** The first ones. */
  differences: z.array(Difference),
  /** How many there are beyond those. */
  moreDifferences: z.int().min(0),
})
export type Divergence = z.infer<typeof Divergence>

/** A recorded decision that can't be made again. */
export const Unreplayed = z.strictObject({
  ...Place,
  kind: DivergenceKind,
  code: z.enum([
    'erased',
    'depends_on_erased',
    'context_not_recorded',
    'law_not_kept',
    'law_was_unavailable',
    'agent_not_asked',
    'not_reproducible',
  ]),
  message: z.string(),
})
export type Unreplayed = z.infer<typeof Unreplayed>

/** A verdict that another law changes. */
export const VerdictChange = BacktestExample.omit({ run: true, agent: true }).extend({
  about: z.enum(['plan', 'action', 'output']),
  turn: z.int().min(0).exactOptional(),
  /** A verdict before it changed too, so the run might never have come here. */
  hypothetical: z.boolean(),
})
export type VerdictChange = z.infer<typeof VerdictChange>

/** `incomplete`: nothing differs, but not everything could be replayed. */
export const ReplayOutcome = z.enum(['same', 'diverged', 'incomplete'])
export type ReplayOutcome = z.infer<typeof ReplayOutcome>

export const ReplayReport = z.strictObject({
  runId: RunId,
  /** Absent when the entry that says it was erased. */
  agentId: Name.exactOptional(),
  agentVersion: Version.exactOptional(),
  state: RunState,
  /** What it was compared with: the record itself, another constitution or another agent. */
  against: z.enum(['record', 'constitution', 'agent']),
  /** Digest of that constitution. */
  constitution: Digest.exactOptional(),
  /** Name of that agent, such as `repo-steward@1.1.0`, or the entrypoint of a draft. */
  agent: z.string().exactOptional(),
  outcome: ReplayOutcome,
  /** Entries of the run. */
  entries: z.int().min(0),
  /** Decisions that were made again, by kind. */
  replayed: z.record(z.string(), z.int().min(0)),
  /** The first of them, or the first few with `all`. */
  divergences: z.array(Divergence),
  moreDivergences: z.int().min(0),
  unreplayed: z.array(Unreplayed),
  moreUnreplayed: z.int().min(0),
  /** Against another constitution: what it would have decided otherwise. */
  changes: z.array(VerdictChange),
  moreChanges: z.int().min(0),
  /** It stopped at the first divergence. */
  stopped: z.boolean(),
  durationMs: z.number().min(0),
})
export type ReplayReport = z.infer<typeof ReplayReport>

/** `POST /api/v1/replays`: replays runs that have ended, newest first, each as it was. */
export const ReplaysRequest = z.strictObject({
  agentId: Name.exactOptional(),
  /** Only runs that were created at or after this time. */
  since: Timestamp.exactOptional(),
  limit: z.int().min(1).max(10_000).default(1_000),
})
export type ReplaysRequest = z.input<typeof ReplaysRequest>

const Counts = {
  total: z.int().min(0),
  same: z.int().min(0),
  diverged: z.int().min(0),
  incomplete: z.int().min(0),
  /** Runs of which the replay itself failed. */
  failed: z.int().min(0),
}

/** A run whose replay did not say `same`. */
export const ReplayedRun = z.strictObject({
  runId: RunId,
  agent: z.string(),
  state: RunState,
  outcome: z.enum(['diverged', 'incomplete', 'failed']),
  /** The first one. */
  divergence: Divergence.exactOptional(),
  /** Why it is incomplete or failed. */
  why: z.string().exactOptional(),
})
export type ReplayedRun = z.infer<typeof ReplayedRun>

export const ReplaysResult = z.strictObject({
  ...Counts,
  byAgent: z.array(z.strictObject({ agent: z.string(), ...Counts })),
  /** The first few that are not the same. */
  runs: z.array(ReplayedRun),
  /** More runs fit the question than the limit let in. */
  limited: z.boolean(),
  durationMs: z.number().min(0),
})
export type ReplaysResult = z.infer<typeof ReplaysResult>

/** What the answer to `POST /api/v1/replays` streams as server-sent events. Closing the connection cancels it. */
export const ReplaysEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), done: z.int().min(0), ...Counts }),
  z.strictObject({ type: z.literal('run'), run: ReplayedRun }),
  z.strictObject({ type: z.literal('result'), result: ReplaysResult }),
  z.strictObject({ type: z.literal('failed'), code: z.string(), message: z.string() }),
])
export type ReplaysEvent = z.infer<typeof ReplaysEvent>
