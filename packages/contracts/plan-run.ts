import { z } from 'zod'
import { Json } from './json.ts'
import { Name, RunId, Timestamp } from './names.ts'
import { Plan } from './plan.ts'
import { Scope } from './resources.ts'
import { Budget, RunState } from './run.ts'

/** `POST /api/v1/orchestrator/plan`: a plan that is known beforehand, without an agent. */
export const RunPlanRequest = z.strictObject({
  plan: Plan,
  scope: Scope.default({ read: [], write: [], hosts: [] }),
  priority: z.int().min(0).max(9).default(5),
  budget: Budget.prefault({}),
  deadline: Timestamp.optional(),
  /** The partition of work whose nodes perform its actions. */
  shard: Name.exactOptional(),
})
export type RunPlanRequest = z.input<typeof RunPlanRequest>

/** A run that has ended, for those who waited for it. */
export const RunEnded = z.strictObject({
  runId: RunId,
  state: RunState,
  /** What the constitution allowed to hand over; absent unless the run was validated. */
  outputs: Json.exactOptional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).exactOptional(),
})
export type RunEnded = z.infer<typeof RunEnded>

/** Seconds that a request waits for a run's end at most. */
export const WAIT_SECONDS_MAX = 60

/** Seconds to wait for, in a `Prefer` header (RFC 7240, section 4.3); undefined when it names none. */
export function waitIn(prefer: string | undefined): number | undefined {
  const wait = /(?:^|[,\s])wait\s*=\s*"?(\d{1,4})"?(?=$|[,;\s])/i.exec(prefer ?? '')?.[1]
  return wait === undefined ? undefined : Math.min(Number(wait), WAIT_SECONDS_MAX)
}
