import { z } from 'zod'
import { Json } from '../json.ts'
import { Plan } from '../plan.ts'
import { VerificationResult } from '../verdict.ts'

/** What the agent of a run says. */
export const AGENT_ENTRIES = {
  'agent.recognized': z.strictObject({ pattern: Json }),
  'plan.proposed': z.strictObject({
    turn: z.int().min(0),
    plan: Plan,
    note: z.string().max(2000).optional(),
    /** What the constitution says of the plan as a whole. */
    result: VerificationResult.exactOptional(),
  }),
  'agent.concluded': z.strictObject({
    turn: z.int().min(0),
    goal: z.enum(['reached', 'missed']),
    outputs: Json,
    summary: z.string().max(4000).optional(),
  }),
} as const satisfies Record<string, z.ZodType>
