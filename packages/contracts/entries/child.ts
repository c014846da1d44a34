import { z } from 'zod'
import { Amounts } from '../budget.ts'
import { RunId } from '../names.ts'
import { StepId } from '../plan.ts'
import { RunState } from '../run.ts'
import { Failure } from './outcome.ts'

/** Runs that steps of a run started. */
export const CHILD_ENTRIES = {
  /** The child of a step has ended, or could not be started. */
  'child.ended': z.strictObject({
    stepId: StepId,
    run: RunId,
    state: RunState,
    error: Failure.exactOptional(),
    /** What it used of the budget that it had of its parent, with its own children; absent where that can't be told. */
    used: Amounts.exactOptional(),
  }),
} as const satisfies Record<string, z.ZodType>
