import type {
  Action,
  Failure,
  JsonObject,
  Money,
  Outcome,
  Permission,
  Reason,
  ReviewCause,
  ReviewTerms,
  RunState,
  Share,
  Step,
  VerificationResult,
} from '@azora/contracts'

import type { WaitFold } from './wait-fold.ts'

/** What the log says of one step. */
export interface StepFold {
  readonly step: Step
  /** Steps that must have ended before it starts. */
  readonly waitsFor: readonly string[]
  /** The verdict against the whole plan that it is part of, which no step of it outlives. */
  planDenied?: VerificationResult
  /** Rules that people should know of when they look at a step of the plan. */
  planFindings?: readonly string[]
  action?: Action
  result?: VerificationResult
  /** Money that a verdict under way may let it spend. It is not in the log yet, but other verdicts have to count it. */
  reserved?: readonly Money[]
  /** It waits for a place on a node; known to this process alone. */
  placeless?: true
  /** The settlements of the run's budget when others were in its way; known to this process alone. */
  crowdedAt?: number
  /** The permission of the newest verdict. */
  permission?: Permission
  /** The step can't become an action. */
  invalid?: Failure
  /** Verdicts on it so far. */
  verifications: number
  /** Times that a stateful action was started. */
  attempts: number
  /** True between `action.started` and what ends it. */
  started: boolean
  /** When it was started last, by the record. */
  startedMs?: number
  /** What the run that it starts may use of this run's budget. */
  share?: Share
  /** How the run ended that it started last. */
  child?: { run: string; state: RunState; error?: Failure }
  outcome?: Outcome
  /** It waits, or waited, for a time or a signal. */
  wait?: WaitFold
  /** Attempts that failed and were followed by another one. */
  failures?: { count: number; tookMs: number }
  /** The step waits for its next attempt. */
  retry?: { attempt: number; dueMs: number; error: Failure }
  /** Another attempt is about to go on record. */
  retrying?: true
  /** Index of the entry with its outcome. */
  endedAt?: number
  /** Another run performed it, and this one took its outcome over. */
  takenOver?: true
  /** The step that it undoes. */
  compensates?: string
  /** People decided that what it should have undone stays. */
  waived?: true
  /** Verdicts on attempts that have ended. */
  settled?: number
  /** Times that a node refused it since it was last verified by people or began. */
  refusals: number
  refusal?: Failure
  review?: ReviewFold
  /** Arguments that people put in place of the proposed ones, and who did. */
  amended?: { input: JsonObject; by: readonly string[] }
}

/** A review as the log tells it. */
export interface ReviewFold {
  reviewId: string
  cause: ReviewCause
  reasons: readonly Reason[]
  actionDigest: string
  requestedAt: string
  terms: ReviewTerms
  /** Absent for one that never ends by itself. */
  expiresAt?: string
  /** Who approved so far. */
  approvals: Array<{ by: string; batch: number }>
  decision?: 'approve' | 'deny' | 'expired'
  /** When the decision fell. */
  decidedAt?: string
}
