import { z } from 'zod'
import { Artifact, FileChanges } from './artifact.ts'
import { Cost } from './budget.ts'
import { EgressRecord } from './egress.ts'
import { JsonObject } from './json.ts'
import { Ending, Usage } from './limits.ts'
import { Name, RunId, Timestamp, Version } from './names.ts'
import { Reason, Verdict } from './verdict.ts'
import { SignalName } from './wait.ts'

/** What a step waits for. */
export const Waits = z.strictObject({
  until: Timestamp.exactOptional(),
  signal: SignalName.exactOptional(),
  /** Steps that have to end before. */
  steps: z.array(z.string()).exactOptional(),
  /** The review in which people decide about it. */
  review: z.uuid().exactOptional(),
  /** The run that it started. */
  run: RunId.exactOptional(),
  /** Of the run's budget, what other steps hold and may give back. */
  budget: z.literal(true).exactOptional(),
  /** A place on a node of this shard. */
  place: Name.exactOptional(),
})
export type Waits = z.infer<typeof Waits>

/** An action as the API shows it. */
export const ActionView = z.strictObject({
  stepId: z.string(),
  skill: Name,
  skillVersion: Version.optional(),
  effects: z.array(z.string()),
  reason: z.string().optional(),
  input: JsonObject,
  verdict: Verdict.optional(),
  score: z.int().optional(),
  reasons: z.array(Reason),
  state: z.enum([
    'proposed',
    'invalid',
    'denied',
    'awaiting_review',
    'allowed',
    'started',
    /** It failed and is tried again at `retryAt`. */
    'retrying',
    /** For a time or a signal, as it was told to. */
    'waiting',
    'succeeded',
    'failed',
    'cancelled',
  ]),
  output: z.json().optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** Performed by the run that this one is a fork of. */
  takenOver: z.literal(true).exactOptional(),
  /** The step that this one undoes. */
  compensates: z.string().exactOptional(),
  /** Number of the newest attempt, or of the one that comes, where there was more than one. */
  attempt: z.int().exactOptional(),
  retryAt: Timestamp.exactOptional(),
  /** The run that it started last. */
  child: RunId.exactOptional(),
  /** What it waits for. */
  waits: Waits.exactOptional(),
  durationMs: z.number().optional(),
  log: z.string().optional(),
  ending: Ending.exactOptional(),
  usage: Usage.exactOptional(),
  node: z.string().exactOptional(),
  isolation: z.string().exactOptional(),
  artifacts: z.array(Artifact).exactOptional(),
  files: FileChanges.exactOptional(),
  actionDigest: z.string().optional(),
  /** What it did on the network. */
  egress: z.array(EgressRecord).optional(),
  /** What it says it cost. */
  cost: Cost.exactOptional(),
})
export type ActionView = z.infer<typeof ActionView>
