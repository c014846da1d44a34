import { z } from 'zod'
import { Artifact, FileChanges } from './artifact.ts'
import { Cost, NewUseLimits, RunUse } from './budget.ts'
import { Dependencies } from './dependency.ts'
import { EgressRecord } from './egress.ts'
import { DEPENDENCY_ENTRIES } from './entries/dependency.ts'
import { ReviewCause, SignedReview } from './entries/review.ts'
import { EntryRecord } from './entry.ts'
import { ForkRequest, MigrateRequest, RestartRequest } from './fork.ts'
import { JsonObject } from './json.ts'
import { Ending, Usage } from './limits.ts'
import { Name, RunId, Timestamp, Version } from './names.ts'
import { NodeView } from './node-protocol.ts'
import { Resources, Scope } from './resources.ts'
import { RetryPolicy } from './retry.ts'
import { AgentRun, Budget, PrincipalId, RunState } from './run.ts'
import { Reason, ReviewTerms, Verdict, VerificationResult } from './verdict.ts'
import { SignalName } from './wait.ts'
import { WitnessingView } from './witnessing.ts'

const EMPTY_SCOPE = { read: [], write: [], hosts: [] }

/** `POST /api/v1/orchestrator/manage` */
export const ManageRequest = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('create'),
    agentId: Name,
    /** Newest registered version when absent. */
    agentVersion: Version.optional(),
    input: JsonObject.default({}),
    scope: Scope.default(EMPTY_SCOPE),
    priority: z.int().min(0).max(9).default(5),
    budget: Budget.prefault({}),
    deadline: Timestamp.optional(),
    /** It waits to start until then. */
    startAt: Timestamp.exactOptional(),
    /** It waits to start until these have ended, and is cancelled when one ends otherwise than it asks. */
    after: Dependencies.exactOptional(),
    /** The partition of work whose nodes perform its actions. */
    shard: Name.exactOptional(),
  }),
  z.strictObject({ operation: z.literal('cancel'), runId: RunId, reason: z.string().max(500).optional() }),
  z.strictObject({ operation: z.literal('pause'), runId: RunId, reason: z.string().max(500).optional() }),
  z.strictObject({
    operation: z.literal('resume'),
    runId: RunId,
    /** Sets its own budget, where it has one of time, tokens or money: altogether, with what it has used. */
    budget: NewUseLimits.exactOptional(),
  }),
  /** Starts a new run with the same agent, input and scope. */
  z.strictObject({ operation: z.literal('retry'), runId: RunId }),
  ForkRequest,
  RestartRequest,
  MigrateRequest,
])
export type ManageRequest = z.input<typeof ManageRequest>

/** `POST /api/v1/orchestrator/execute` and the answer of `manage`. */
export const ExecuteRequest = z.strictObject({
  skillId: Name,
  version: Version.optional(),
  input: JsonObject.default({}),
  scope: Scope.default(EMPTY_SCOPE),
  priority: z.int().min(0).max(9).default(5),
  shard: Name.exactOptional(),
  /** It waits to start until then. */
  startAt: Timestamp.exactOptional(),
  /** Goes before the policy that the skill declares. */
  retry: RetryPolicy.exactOptional(),
})
export type ExecuteRequest = z.input<typeof ExecuteRequest>

export const RunAccepted = z.strictObject({ runId: RunId, state: RunState })
export type RunAccepted = z.infer<typeof RunAccepted>

/** `POST /api/v1/orchestrator/verify`: the verdict that a single skill would get; nothing is done. */
export const VerifyRequest = ExecuteRequest.omit({ priority: true, shard: true, startAt: true, retry: true })
export type VerifyRequest = z.input<typeof VerifyRequest>
export const VerifyResponse = VerificationResult.extend({ actionDigest: z.string() })
export type VerifyResponse = z.infer<typeof VerifyResponse>

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

export const Page = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), next: z.string().optional() })

export const ListRunsQuery = z.strictObject({
  state: RunState.optional(),
  agentId: Name.optional(),
  /** Created then or later. */
  since: Timestamp.optional(),
  /** Created before. */
  until: Timestamp.optional(),
  /** By creation. */
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z.uuid().optional(),
})
export const RunPage = Page(AgentRun)

/** Payloads of a run that were erased together. */
export const RunErasure = z.strictObject({
  /** Of the entry that says why. */
  index: z.int().min(0),
  erasureId: z.uuid().exactOptional(),
  rule: z.string(),
  at: Timestamp,
  /** How many of the run's entries lost their payload. */
  entries: z.int().min(1),
})
export type RunErasure = z.infer<typeof RunErasure>

/** That a run was to be cancelled: by whom, when and why. */
export const RunCancel = z.strictObject({ by: PrincipalId, at: Timestamp, reason: z.string().exactOptional() })
export type RunCancel = z.infer<typeof RunCancel>

export const RunDetail = AgentRun.extend({
  actions: z.array(ActionView),
  /** What became of the runs in `after`; absent while it waits for them. */
  dependencies: DEPENDENCY_ENTRIES['dependencies.settled'].exactOptional(),
  /** Why it is paused, where somebody said so. */
  pauseReason: z.string().exactOptional(),
  /** Absent where nobody asked for it to be cancelled. */
  cancel: RunCancel.exactOptional(),
  /** Absent for a run without a budget of time, tokens or money. */
  budgetUse: RunUse.exactOptional(),
  /** What is not shown any more, and why; absent when nothing was erased. */
  erasures: z.array(RunErasure).exactOptional(),
})
export type RunDetail = z.infer<typeof RunDetail>

export const ReviewView = z.strictObject({
  reviewId: z.uuid(),
  runId: RunId,
  /** `direct` for a run without an agent. */
  agentId: Name,
  stepId: z.string(),
  cause: ReviewCause,
  /** `run.output` for the final output of a run. */
  skill: Name,
  /** The exact arguments that will be executed, or the output that will be handed over. */
  input: JsonObject,
  actionDigest: z.string(),
  reasons: z.array(Reason),
  requestedAt: Timestamp,
  expiresAt: Timestamp.exactOptional(),
  /** Who proposed the action, and who changed its arguments since: they may not decide. */
  requesters: z.array(PrincipalId),
  runOwner: PrincipalId,
  skillVersion: Version,
  effects: z.array(z.string()),
  resources: Resources,
  terms: ReviewTerms.exactOptional(),
  approvedBy: z.array(PrincipalId),
  /** What would change, as a unified diff, where the action puts a text in the place of one that the run knows. */
  diff: z.string().exactOptional(),
  /** The run is paused: what is decided is on record, and holds when it is resumed. */
  paused: z.literal(true).exactOptional(),
})
export type ReviewView = z.infer<typeof ReviewView>

export const ListReviewsQuery = z.strictObject({
  agentId: Name.optional(),
  runId: RunId.optional(),
  /** Asked for then or later. */
  since: Timestamp.optional(),
  /** Asked for before. */
  until: Timestamp.optional(),
  /** By when they were asked for. */
  order: z.enum(['newest', 'oldest']).default('newest'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
})
export const ReviewPage = Page(ReviewView)

/** `POST /api/v1/reviews/{reviewId}`; the statement says which arguments the person saw. */
export const ReviewRequest = SignedReview.extend({
  /** With the decision `amend`: the arguments in place of the old ones, as a new action. */
  input: JsonObject.exactOptional(),
})
export type ReviewRequest = z.infer<typeof ReviewRequest>

/** One server-sent event of a run: `id` is the entry's index, `event` its kind. */
export const RunEvent = EntryRecord
export type RunEvent = z.infer<typeof RunEvent>

/** What an action prints, as a server-sent event while it runs. */
export const OutputEvent = z.strictObject({
  stepId: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
})
export type OutputEvent = z.infer<typeof OutputEvent>

export const Health = z.strictObject({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  uptimeMs: z.number(),
  database: z.enum(['ok', 'unreachable']),
  nodes: z.array(NodeView),
  /** Digest of the law in force. */
  constitution: z.string(),
  /** Why everything is denied, or how the server's folder differs from the law in force. */
  constitutionNote: z.string().exactOptional(),
  journal: z.strictObject({ shard: z.string(), size: z.int(), epoch: z.int(), key: z.string() }),
  /** Absent where no witnesses are asked. */
  witnessing: WitnessingView.exactOptional(),
  /** Where gRPC is served without TLS, such as `127.0.0.1:7421`; absent where it is served with TLS only. */
  grpc: z.string().exactOptional(),
  runs: z.record(z.string(), z.int()),
})
export type Health = z.infer<typeof Health>
