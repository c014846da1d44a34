import { z } from 'zod'
import { Json } from '../json.ts'
import { Timestamp } from '../names.ts'
import { StepId } from '../plan.ts'
import { Reason, Taint } from '../verdict.ts'
import { SignalName } from '../wait.ts'

/** Steps that wait for a time or for word from outside. */
export const WAIT_ENTRIES = {
  /** Where it says neither `ms` nor `until`, it doesn't end by itself. */
  'wait.begun': z.strictObject({
    stepId: StepId,
    /** Milliseconds from the entry on. */
    ms: z.int().min(0).exactOptional(),
    until: Timestamp.exactOptional(),
    /** The signal that it waits for; absent for a timer. */
    signal: SignalName.exactOptional(),
  }),
  'wait.ended': z.strictObject({
    stepId: StepId,
    by: z.enum(['time', 'signal', 'timeout']),
    /** Index of the signal's entry. */
    signal: z.int().min(0).exactOptional(),
    /** What the run has taken in with the signal. */
    observed: z.strictObject({ taints: z.array(Taint), reasons: z.array(Reason) }).exactOptional(),
  }),
  /** Somebody, the entry's actor, sent the run word. It is kept until a step waits for it. */
  'run.signalled': z.strictObject({
    name: SignalName,
    data: Json,
    idempotencyKey: z.string().max(200).exactOptional(),
  }),
} as const satisfies Record<string, z.ZodType>
