import { z } from 'zod'
import { NewUseLimits } from './budget.ts'
import { Dependencies } from './dependency.ts'
import { ForkRequest, MigrateRequest, RestartRequest } from './fork.ts'
import { JsonObject } from './json.ts'
import { Name, RunId, Timestamp, Version } from './names.ts'
import { Scope } from './resources.ts'
import { RetryPolicy } from './retry.ts'
import { Budget, RunState } from './run.ts'
import { VerificationResult } from './verdict.ts'

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
