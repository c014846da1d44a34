import { z } from 'zod'
import { Share } from '../budget.ts'
import { Digest, Name } from '../names.ts'
import { StepId } from '../plan.ts'
import { Retry } from '../retry.ts'
import { Action, Permission, Reason, Taint, VerificationContext, VerificationResult } from '../verdict.ts'
import { Failure, Outcome } from './outcome.ts'

/** What becomes of the steps of a run. */
export const ACTION_ENTRIES = {
  /** The verdict on one action; with `permission` it is what a proof proves. */
  'action.verified': z.strictObject({
    action: Action,
    result: VerificationResult,
    permission: Permission.optional(),
    /** What the verdict depends on beside the action and the constitution, so that it can be made again. */
    judged: VerificationContext.exactOptional(),
    /** Set when people allowed it. */
    reviewId: z.uuid().optional(),
    /** What the run that it starts may use of this run's budget. */
    share: Share.exactOptional(),
  }),
  /** A step that can't become an action: an unknown skill, or input that its schema refuses. */
  'action.invalid': z.strictObject({ stepId: StepId, skill: Name, error: Failure }),
  /** Journaled before a stateful action acts. */
  'action.started': z.strictObject({ stepId: StepId, actionDigest: Digest, attempt: z.int().min(1) }),
  'action.finished': z.strictObject({
    stepId: StepId,
    actionDigest: Digest,
    outcome: Outcome,
    /** It failed, and is tried again. */
    retry: Retry.exactOptional(),
    /** What the run has taken in with the output. */
    observed: z.strictObject({ taints: z.array(Taint), reasons: z.array(Reason) }).exactOptional(),
  }),
  /** A node refused to act, whoever asked. */
  'action.refused': z.strictObject({ stepId: StepId, actionDigest: Digest, node: z.string(), error: Failure }),
} as const satisfies Record<string, z.ZodType>
