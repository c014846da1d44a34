import { z } from 'zod'
import { Json, JsonObject } from './json.ts'
import { RunId } from './names.ts'
import { Observation, Plan } from './plan.ts'

/** Lines of JSON that the orchestrator writes to an agent's standard input. One agent process may serve many runs. */
export const ToAgent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('recognize'), id: z.string(), runId: RunId, input: JsonObject }),
  z.strictObject({
    type: z.literal('reason'),
    id: z.string(),
    runId: RunId,
    input: JsonObject,
    pattern: Json,
    turn: z.int().min(0),
    /** Every step of the run so far, in the order of the plans. */
    observations: z.array(Observation),
  }),
])
export type ToAgent = z.infer<typeof ToAgent>

/** Lines that an agent writes to its standard output; standard error is its log. */
export const FromAgent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('recognized'), id: z.string(), pattern: Json }),
  z.strictObject({ type: z.literal('plan'), id: z.string(), plan: Plan, note: z.string().max(2000).optional() }),
  z.strictObject({
    type: z.literal('done'),
    id: z.string(),
    goal: z.enum(['reached', 'missed']),
    outputs: Json,
    summary: z.string().max(4000).optional(),
  }),
  z.strictObject({ type: z.literal('error'), id: z.string(), message: z.string().max(4000) }),
])
export type FromAgent = z.infer<typeof FromAgent>
