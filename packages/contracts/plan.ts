import { z } from 'zod'
import { Compensation } from './compensation.ts'
import { Json, JsonObject } from './json.ts'
import { JsonPointer, Name, Version } from './names.ts'
import { RetryPolicy } from './retry.ts'

export const StepId = z
  .string()
  .max(60)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and "-"')

/** A value bound to the output of an earlier step of the same run: `{"$step": "clone", "$pointer": "/head"}`. */
export const Binding = z.strictObject({ $step: StepId, $pointer: JsonPointer.default('') })
export type Binding = z.infer<typeof Binding>

/** One proposed action. Step ids are unique within a run. */
export const Step = z.strictObject({
  id: StepId,
  skill: Name,
  /** Newest registered version when absent. */
  version: Version.optional(),
  /** Input of the skill; any value in it may be a {@link Binding}. */
  input: JsonObject.default({}),
  /**
   * Steps of the same plan that must have ended before this one starts, whatever their outcome. A step waits for those
   * that its input is bound to without being told.
   */
  after: z.array(StepId).max(50).default([]),
  /** Goes before the policy that the skill declares. */
  retry: RetryPolicy.exactOptional(),
  /** What undoes it when the run doesn't succeed; goes before what the skill declares. */
  compensation: Compensation.exactOptional(),
  /** Shown to people beside the action. */
  reason: z.string().max(500).optional(),
})
export type Step = z.infer<typeof Step>

/** A directed acyclic graph of steps. */
export const Plan = z.strictObject({ steps: z.array(Step).min(1).max(200) })
export type Plan = z.infer<typeof Plan>

/** What an agent is told about a step that it proposed. */
export const Observation = z.strictObject({
  stepId: StepId,
  skill: Name,
  state: z.enum(['succeeded', 'failed', 'denied', 'cancelled']),
  output: Json.optional(),
  /** Why it didn't succeed. */
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
})
export type Observation = z.infer<typeof Observation>
