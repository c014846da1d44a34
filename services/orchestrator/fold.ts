import {
  type Entry,
  type EntryHeader,
  type EntryPayload,
  type FailedEnd,
  type Failure,
  isErased,
  isTerminal,
  type Json,
  NODE_GONE,
  type RunSpec,
  type RunState,
  type Step,
  type VerificationResult,
} from '@azora/contracts'
import { isKind, KINDS_ABOUT_STEPS, stepIdOf } from './about-step.ts'
import { askAnew, failAttempt } from './attempt-fold.ts'
import { type Batch, useBatch } from './batch.ts'
import { boundSteps } from './bind.ts'
import { countOwn, newUse, type OwnUse, setBudget } from './budgets/own.ts'
import { applyErased, type Erased, erasedSpec } from './erased.ts'
import { takenFrom } from './forking/taken.ts'
import { leftOff } from './left-off.ts'
import { applyDecision, reviewOf, takeVote } from './review-fold.ts'
import { countEntry, newTally, type RunTally } from './run-facts.ts'
import type { ReviewFold, StepFold } from './step-fold.ts'
import { hasEnded } from './step-state.ts'
import { outcomeOfWait, type Signal, signalOf, waitOf } from './wait-fold.ts'

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
  cancelRequested: boolean
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

/** Folds a run's entries; undefined when the first one doesn't schedule it. */
export function foldRun(entries: readonly Entry[]): RunFold | undefined {
  const [first, ...rest] = entries
  if (first?.header.kind !== 'run.scheduled') return undefined
  const fold = begin(first as Entry<'run.scheduled'>, rest)
  for (const entry of rest) applyEntry(fold, entry)
  return fold
}

function begin(entry: Entry<'run.scheduled'>, rest: readonly Entry[]): RunFold {
  const specErased = isErased(entry)
  const spec = specErased ? erasedSpec(entry.header, rest) : entry.payload.spec
  const own = newUse(spec.budget)
  const fold: RunFold = {
    spec,
    state: 'scheduled',
    catalogAt: entry.header.index,
    cancelRequested: false,
    turns: 0,
    steps: new Map(),
    tally: newTally(),
    ...(own && { own }),
    batches: [],
    signals: [],
    erasures: new Map(),
    specErased,
    lastIndex: entry.header.index,
    entries: countOf(entry.header),
  }
  if (specErased) applyErased(fold, entry)
  if (spec.plan && !proposesPlan(fold)) addSteps(fold, spec.plan.steps)
  if (!specErased) takeOver(fold, takenFrom(entry))
  return fold
}

/** Begins where another run stood, as far as its entries were taken over. The law counts what they did, as it did there. */
function takeOver(fold: RunFold, entries: readonly Entry[]): void {
  for (const entry of entries) {
    applyPayload(fold, entry)
    countEntry(fold.tally, entry)
  }
  // What people allowed there beyond the action itself was allowed to that run.
  fold.batches.length = 0
  for (const step of fold.steps.values()) if (hasEnded(step)) step.takenOver = true
}

/** Whether a run without an agent still has to propose its plan. A plan of one step is no more than its action. */
export const proposesPlan = ({ spec, turns }: Pick<RunFold, 'spec' | 'turns'>): boolean =>
  spec.plan !== undefined && spec.plan.steps.length > 1 && turns === 0

function addSteps(fold: RunFold, steps: readonly Step[], verdict?: VerificationResult): void {
  const about = {
    ...(verdict?.verdict === 'deny' && { planDenied: verdict }),
    ...(verdict?.verdict === 'review' && { planFindings: verdict.reasons.map(({ rule }) => rule) }),
  }
  const { forkOf, owner } = fold.spec
  for (const step of steps) {
    const given = forkOf?.step === step.id ? forkOf.input : undefined
    const own = given && { amended: { input: given, by: [owner] } }
    const waitsFor = [...step.after, ...boundSteps(step.input)].filter((id) => id !== step.id)
    fold.steps.set(step.id, {
      step,
      waitsFor,
      verifications: 0,
      attempts: 0,
      started: false,
      refusals: 0,
      ...about,
      ...own,
    })
  }
}

/** Changes the fold by one entry; entries that it has seen change nothing. */
export function applyEntry(fold: RunFold, entry: Entry): void {
  if (entry.header.index <= fold.lastIndex) return
  applyHeader(fold, entry.header)
  if (isErased(entry)) applyErased(fold, entry)
  else {
    applyPayload(fold, entry)
    countEntry(fold.tally, entry)
    if (fold.own) countOwn(fold.own, entry)
  }
}

const countOf = ({ runIndex }: EntryHeader): number | undefined => (runIndex === undefined ? undefined : runIndex + 1)

function applyHeader(fold: RunFold, header: EntryHeader): void {
  const { index, transition, at } = header
  fold.lastIndex = index
  fold.entries = countOf(header)
  if (transition) applyTransition(fold, transition.to, at)
}

function applyTransition(fold: RunFold, to: RunState, at: string): void {
  if (to === 'paused') fold.pausedFrom = fold.state
  if (to === 'running') fold.startedAt ??= at
  if (isTerminal(to)) fold.finishedAt = at
  fold.state = to
}

function applyPayload(fold: RunFold, entry: Entry): void {
  if (KINDS_ABOUT_STEPS.has(entry.header.kind)) applyToStep(fold, entry)
  else if (isKind(entry, 'run.paused')) fold.pause = entry.payload
  else if (isKind(entry, 'run.resumed')) goOn(fold, entry)
  else if (isKind(entry, 'budget.reached')) fold.reached ??= entry.payload
  else if (isKind(entry, 'compensation.begun')) beginEnding(fold, entry)
  else if (isKind(entry, 'dependencies.settled')) fold.dependencies = entry.payload
  else if (isKind(entry, 'run.migrated')) fold.spec = { ...fold.spec, agentVersion: entry.payload.to }
  else if (isKind(entry, 'run.skills_migrated')) fold.catalogAt = entry.header.index
  else if (isKind(entry, 'run.signalled')) fold.signals.push(signalOf(entry))
  else if (isKind(entry, 'agent.recognized')) fold.pattern = entry.payload.pattern
  else if (isKind(entry, 'plan.proposed')) {
    fold.turns = entry.payload.turn + 1
    addSteps(fold, entry.payload.plan.steps, entry.payload.result)
  } else if (isKind(entry, 'agent.concluded')) {
    fold.turns = entry.payload.turn + 1
    fold.concluded = entry.payload
  } else if (isKind(entry, 'run.cancel_requested')) fold.cancelRequested = true
  else if (isKind(entry, 'run.validated')) fold.validated = { shard: entry.header.shard, index: entry.header.index }
  else if (isKind(entry, 'run.failed')) fold.error = entry.payload.error
}

/** True for an entry about the review of the final output, which is no step's. */
function applyToOutput(fold: RunFold, entry: Entry): boolean {
  if (isKind(entry, 'review.requested') && entry.payload.cause === 'output') {
    fold.outputReview = reviewOf(entry)
    return true
  }
  const review = fold.outputReview
  if (!review || !('reviewId' in entry.payload) || entry.payload.reviewId !== review.reviewId) return false
  if (isKind(entry, 'review.decided')) takeVote(review, entry)
  if (isKind(entry, 'review.expired')) review.decision ??= 'expired'
  return true
}

function endWait(fold: RunFold, step: StepFold, { header, payload }: Entry<'wait.ended'>): void {
  const signal = fold.signals.find(({ index }) => index === payload.signal)
  if (signal) fold.signals = fold.signals.filter((other) => other !== signal)
  step.outcome = outcomeOfWait(step.wait, signal, payload, header)
}

function goOn(fold: RunFold, { payload }: Entry<'run.resumed'>): void {
  askAnew(fold.steps.values())
  setBudget(fold, payload)
}

/** Nothing of the run goes on but what undoes it. */
function beginEnding(fold: RunFold, { payload }: Entry<'compensation.begun'>): void {
  const { end, error, steps } = payload
  fold.ending = { end, ...(error && { error }) }
  delete fold.outputReview
  for (const step of fold.steps.values()) {
    if (hasEnded(step)) continue
    step.outcome = leftOff(step)
    step.started = false
    delete step.review
  }
  addSteps(
    fold,
    steps.map(({ step }) => step),
  )
  for (const { compensates, step } of steps) {
    const undoing = fold.steps.get(step.id)
    if (undoing) fold.steps.set(step.id, { ...undoing, waitsFor: [], compensates })
  }
}

/** The plan that proposed a step may be erased; what was judged still says what it was. */
function reviveStep(fold: RunFold, entry: Entry): StepFold | undefined {
  if (fold.erasures.size === 0 || !isKind(entry, 'action.verified')) return undefined
  const { stepId, skillId, skillVersion, input } = entry.payload.action
  addSteps(fold, [{ id: stepId, skill: skillId, version: skillVersion, input, after: [] }])
  return fold.steps.get(stepId)
}

function applyToStep(fold: RunFold, entry: Entry): void {
  if (applyToOutput(fold, entry)) return
  const step = fold.steps.get(stepIdOf(entry) ?? '') ?? reviveStep(fold, entry)
  if (!step) return
  if (isKind(entry, 'action.verified')) {
    step.action = entry.payload.action
    delete step.reserved
    delete step.retry
    step.result = entry.payload.result
    if (entry.payload.permission) step.permission = entry.payload.permission
    else delete step.permission
    if (entry.payload.share) step.share = entry.payload.share
    else delete step.share
    step.verifications += 1
    step.started = false
    if (entry.payload.reviewId) useBatch(fold.batches, entry.payload.reviewId, step.step.id)
    // An approval is spent by the verdict that it leads to.
    if (step.review?.decision === 'approve') delete step.review
  } else if (isKind(entry, 'child.ended')) step.child = entry.payload
  else if (isKind(entry, 'wait.begun')) step.wait = waitOf(entry)
  else if (isKind(entry, 'wait.ended')) endWait(fold, step, entry)
  else if (isKind(entry, 'action.invalid')) step.invalid = entry.payload.error
  else if (isKind(entry, 'action.started')) {
    step.started = true
    delete step.retry
    step.attempts = entry.payload.attempt
    step.startedMs = Date.parse(entry.header.at)
    delete step.child
  } else if (isKind(entry, 'action.finished')) {
    if (entry.payload.retry) failAttempt(step, entry.payload, entry.payload.retry, entry.header)
    else {
      step.outcome = entry.payload.outcome
      step.endedAt = entry.header.index
    }
    delete step.retrying
    step.started = false
  } else if (isKind(entry, 'action.refused')) {
    step.refusal = entry.payload.error
    // A node that went away before it was asked says nothing about the action.
    if (entry.payload.error.code !== NODE_GONE) step.refusals += 1
    step.started = false
  } else if (isKind(entry, 'review.requested')) step.review = reviewOf(entry)
  else if (isKind(entry, 'review.decided')) applyDecision(fold, step, entry)
  else if (isKind(entry, 'review.expired') && step.review?.reviewId === entry.payload.reviewId) {
    step.review.decision ??= 'expired'
  }
}
