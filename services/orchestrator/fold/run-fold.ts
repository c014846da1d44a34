import type { EntryPayload, FailedEnd, Failure, Json, RunCancel, RunSpec, RunState } from '@azora/contracts'
import type { OwnUse } from '../budgets/own.ts'
import type { Batch } from './batch.ts'
import type { Erased } from './erased.ts'
import type { RunTally } from './run-facts.ts'
import type { ReviewFold, StepFold } from './step-fold.ts'
import type { Signal } from './wait-fold.ts'

/** A run as its entries tell it. Nothing else is ever asked what a run's state is. */
export interface RunFold extends Erased {
  spec: RunSpec
  state: RunState
  /** Where a paused run was. */
  pausedFrom?: RunState
  /** Why it was paused last. */
  pause?: EntryPayload<'run.paused'>
  /** Index of the entry with which it began or moved: it uses the skills that were offered then. */
  catalogAt: number
  /** Who asked for it to be cancelled. */
  cancel?: RunCancel
  startedAt?: string
  finishedAt?: string
  pattern?: Json
  turns: number
  /** In the order in which they were proposed. */
  readonly steps: Map<string, StepFold>
  concluded?: { goal: 'reached' | 'missed'; outputs: Json; summary?: string | undefined }
  validated?: { shard: string; index: number }
  error?: Failure
  /** The budget by which it fails. */
  reached?: EntryPayload<'budget.reached'>
  readonly tally: RunTally
  /** Of its own budget, where it has one of time, tokens or money. */
  own?: OwnUse
  /** People are asked about the final output. */
  outputReview?: ReviewFold
  /** It will not succeed, and what it did is being undone. */
  ending?: { end: FailedEnd; error?: Failure }
  /** What the run was sent and no step has taken yet. */
  signals: Signal[]
  /** Approvals that cover similar actions too. */
  readonly batches: Batch[]
  /** What became of the runs that it starts after. */
  dependencies?: EntryPayload<'dependencies.settled'>
  lastIndex: number
  /** How many entries it has; undefined where the log doesn't count them. */
  entries?: number | undefined
}

/** Whether a run without an agent still has to propose its plan. A plan of one step is no more than its action. */
export const proposesPlan = ({ spec, turns }: Pick<RunFold, 'spec' | 'turns'>): boolean =>
  spec.plan !== undefined && spec.plan.steps.length > 1 && turns === 0
