import { z } from 'zod'
import { FailedEnd } from '../compensation.ts'
import { Step, StepId } from '../plan.ts'
import { Failure } from './outcome.ts'

export const COMPENSATION_ENTRIES = {
  /** The run will not succeed: what it did is undone, in this order, before it ends. Whatever else it had begun is over. */
  'compensation.begun': z.strictObject({
    end: FailedEnd,
    /** Why it fails. */
    error: Failure.exactOptional(),
    steps: z
      .array(z.strictObject({ compensates: StepId, step: Step }))
      .min(1)
      .max(1_000),
  }),
} as const satisfies Record<string, z.ZodType>
