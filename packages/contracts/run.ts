import { z } from 'zod'
import { UseLimits } from './budget.ts'
import { ParentRef } from './child-run.ts'
import { Dependencies } from './dependency.ts'
import { ForkOf } from './fork.ts'
import { Json, JsonObject } from './json.ts'
import { Name, RunId, Timestamp, Version } from './names.ts'
import { Plan } from './plan.ts'
import { Scope } from './resources.ts'

export const RunState = z.enum([
  'scheduled',
  'running',
  'validated',
  'success',
  'fail',
  'paused',
  'awaiting_review',
  'cancelled',
])
export type RunState = z.infer<typeof RunState>

/**
 * The lifecycle as data: the states that may follow each state. The journal refuses every other transition.
 * A paused run goes back to where it was; to `running` where what people had to decide was decided meanwhile, and to
 * `awaiting_review` where they have to decide now.
 */
export const TRANSITIONS = {
  scheduled: ['running', 'paused', 'cancelled', 'fail'],
  running: ['validated', 'fail', 'paused', 'awaiting_review', 'cancelled'],
  validated: ['success', 'fail'],
  paused: ['scheduled', 'running', 'awaiting_review', 'cancelled', 'fail'],
  awaiting_review: ['running', 'paused', 'cancelled', 'fail'],
  success: [],
  fail: [],
  cancelled: [],
} as const satisfies Record<RunState, readonly RunState[]>

/** The states that may follow `From`. */
export type Next<From extends RunState> = (typeof TRANSITIONS)[From][number]

export const isTerminal = (state: RunState): boolean => TRANSITIONS[state].length === 0

export const mayFollow = (from: RunState, to: RunState): boolean =>
  (TRANSITIONS[from] as readonly RunState[]).includes(to)

/** `who:name`, such as `user:owner`, `agent:repo-steward@1.0.0`, `node:local`, `system:orchestrator`. */
export const PrincipalId = z
  .string()
  .max(160)
  .regex(/^(user|service|agent|node|system):[A-Za-z0-9@._-]+$/)
export type PrincipalId = z.infer<typeof PrincipalId>

export const Tenant = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/)

export const Budget = z.strictObject({
  /** Actions that the run may propose at most. */
  actions: z.int().min(1).max(1000).default(200),
  /** Turns in which the agent may be asked to reason at most. */
  turns: z.int().min(1).max(200).default(50),
  /** Attempts after the first that all its actions may take together; as many as their policies say if absent. */
  retries: z.int().min(0).max(10_000).exactOptional(),
  ...UseLimits.shape,
})
export type Budget = z.infer<typeof Budget>

/** Where actions of a run are performed that names no other partition of work. */
export const DEFAULT_SHARD = 'main'

/** Everything that defines a run, fixed when it is scheduled. */
export const RunSpec = z.strictObject({
  runId: RunId,
  /** `direct` for a run that performs one skill without an agent. */
  agentId: Name,
  agentVersion: Version,
  tenant: Tenant,
  owner: PrincipalId,
  input: JsonObject,
  scope: Scope,
  priority: z.int().min(0).max(9),
  budget: Budget,
  createdAt: Timestamp,
  deadline: Timestamp.optional(),
  /** It waits to start until then. */
  startAt: Timestamp.exactOptional(),
  /** It waits to start until these have ended, and is cancelled when one ends otherwise than it asks. */
  after: Dependencies.exactOptional(),
  /** The partition of work whose nodes perform its actions; {@link DEFAULT_SHARD} when absent. */
  shard: Name.exactOptional(),
  /** The fixed plan of a run without an agent. */
  plan: Plan.optional(),
  retryOf: RunId.optional(),
  forkOf: ForkOf.exactOptional(),
  /** The step of another run that it was started by. */
  parent: ParentRef.exactOptional(),
  /** The schedule that it was started by, and the time by it. */
  schedule: z.strictObject({ scheduleId: z.uuid(), name: Name, at: Timestamp }).exactOptional(),
})
export type RunSpec = z.infer<typeof RunSpec>

/** A run as the API shows it. */
export const AgentRun = RunSpec.omit({ plan: true, runId: true }).extend({
  id: RunId,
  state: RunState,
  startedAt: Timestamp.optional(),
  finishedAt: Timestamp.optional(),
  outputs: Json.optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  /** The journal entry in which the constitution allowed the final output. */
  verificationProof: z.strictObject({ shard: z.string(), index: z.int() }).optional(),
  /** Set when what the run was asked was erased: input, scope and agent are unknown then, not empty. */
  erased: z.literal(true).exactOptional(),
})
export type AgentRun = z.infer<typeof AgentRun>
