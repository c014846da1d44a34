import { z } from 'zod'
import { Amounts } from '../budget.ts'
import { Version } from '../names.ts'
import { StepId } from '../plan.ts'

/** Budgets that stop runs. */
export const BUDGET_ENTRIES = {
  /** A budget that says `fail` left no room for a step. The run fails by it, and can be replayed by what was found. */
  'budget.reached': z.strictObject({
    stepId: StepId,
    skillVersion: Version,
    /** `run`, `agent:NAME` or `tenant:NAME`. */
    of: z.string().max(200),
    per: z.enum(['day', 'month', 'total']).exactOptional(),
    /** Of which amount there would be too much, or which currency the budget doesn't hold. */
    what: z.string().max(10),
    /** What the step may take at most. */
    asked: Amounts,
    /** What was used, reserved and held. */
    taken: Amounts,
    allowed: Amounts,
  }),
} as const satisfies Record<string, z.ZodType>
