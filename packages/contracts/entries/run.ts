import { z } from 'zod'
import { NewUseLimits } from '../budget.ts'
import { Migrated, SkillsMigrated, TakenOver } from '../fork.ts'
import { Json } from '../json.ts'
import { RunId } from '../names.ts'
import { RunSpec } from '../run.ts'
import { VerificationResult } from '../verdict.ts'
import { Failure } from './outcome.ts'

/** How a run moves from its beginning to its end. */
export const RUN_ENTRIES = {
  'run.scheduled': z.strictObject({
    spec: RunSpec,
    idempotencyKey: z.string().optional(),
    /** Set in a run that was forked. */
    takenOver: TakenOver.exactOptional(),
  }),
  'run.started': z.strictObject({}),
  'run.paused': z.strictObject({
    reason: z.string().max(500).optional(),
    /** The budget that left no room: `run`, `agent:NAME` or `tenant:NAME`. */
    budget: z.string().max(200).exactOptional(),
    /** The run that started it, which is paused. */
    parent: RunId.exactOptional(),
  }),
  'run.resumed': z.strictObject({
    /** The run that started it, with which it goes on. */
    parent: RunId.exactOptional(),
    /** What people let it use altogether. */
    budget: NewUseLimits.exactOptional(),
  }),
  'run.migrated': Migrated,
  'run.skills_migrated': SkillsMigrated,
  'run.cancel_requested': z.strictObject({ reason: z.string().max(500).optional() }),
  'run.cancelled': z.strictObject({}),
  'run.validated': z.strictObject({
    result: VerificationResult,
    outputs: Json,
    /** Set when people allowed it. */
    reviewId: z.uuid().exactOptional(),
  }),
  'run.succeeded': z.strictObject({}),
  'run.failed': z.strictObject({ error: Failure }),
} as const satisfies Record<string, z.ZodType>
