import { type EntryKind, isTerminal, mayFollow, type RunSpec, type RunState } from '@azora/contracts'
import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import { proposedBefore } from './taken.ts'

/** What the log says of one step, told by its entries alone. */
export interface StepRecord {
  /** The last verdict that lets it be done. */
  permitted: { digest: string; nonce: string; index: number } | undefined
  started: number | undefined
  attempts: number
  finished: number
  /** Times that it may be done once more: it is known not to have happened, or people allow it although nobody knows. */
  repeatsAllowed: number
}

interface ReviewRecord {
  stepId: string
  cause: string
  /** Approvals that it still needs. */
  needs: number
  decided: boolean
}

/** What the log says of one run. It is kept apart from the orchestrator's own fold, so that both can't err alike. */
export interface RunRecord {
  readonly run: string
  readonly spec: RunSpec
  state: RunState
  /** Index of the entry by which people stopped it last; undefined while it may go on. */
  pausedAt: number | undefined
  cancelledAt: number | undefined
  deadlineMs: number | undefined
  budget: { actions: number; turns: number }
  proposed: number
  turns: number
  entries: number
  readonly reviews: Map<string, ReviewRecord>
  readonly steps: Map<string, StepRecord>
  /** Steps that undo others: they are done although the run was cancelled. */
  readonly undo: Set<string>
}

export interface LogRecord {
  readonly runs: ReadonlyMap<string, RunRecord>
  step(run: string, stepId: string): StepRecord | undefined
  /** Takes in what became durable; throws a `Flaw` where it must not be there. */
  take(entries: readonly Stored[]): void
}

/** Knows more of some entries than the record does. Throws a `Flaw` for one that must not be there. */
export interface Follower {
  take(stored: Stored, log: LogRecord): void
}

/** @param followers each shown every entry when the record has taken it in */
export function createLogRecord(followers: readonly Follower[]): LogRecord {
  const runs = new Map<string, RunRecord>()
  const keys = new Set<string>()
  const nonces = new Set<string>()
  let size = 0

  function takeOne(stored: Stored): void {
    const { header, row } = stored
    must(header.index === size, 'the log has no gap', `entry ${header.index} is at ${size}`)
    size += 1
    must(row.key === null || !keys.has(row.key), 'a key is used once', `${row.key}`)
    if (row.key !== null) keys.add(row.key)
    if (header.run) takeIntoRun(recordOf(stored, header.run), stored)
    for (const follower of followers) follower.take(stored, log)
  }

  function takeIntoRun(record: RunRecord, stored: Stored): void {
    const { header } = stored
    must(header.runIndex === record.entries, 'a run has no gap', `${header.run} ${header.runIndex}`)
    record.entries += 1
    takeTransition(record, stored)
    takeStep(record, stored, nonces)
    takeReview(record, stored)
    takeBudget(record, stored)
  }

  function recordOf(stored: Stored, run: string): RunRecord {
    const known = runs.get(run)
    if (known) return known
    const scheduled = payloadOf(stored, 'run.scheduled')
    must(scheduled !== undefined, 'a run begins with run.scheduled', `${run} begins with ${stored.header.kind}`)
    const { spec } = scheduled
    const record: RunRecord = {
      run,
      spec,
      state: 'scheduled',
      pausedAt: undefined,
      cancelledAt: undefined,
      deadlineMs: spec.deadline === undefined ? undefined : Date.parse(spec.deadline),
      budget: spec.budget,
      ...proposedBefore(scheduled),
      entries: 0,
      reviews: new Map(),
      steps: new Map(),
      undo: new Set(),
    }
    runs.set(run, record)
    return record
  }

  const log: LogRecord = {
    runs,
    step: (run, stepId) => runs.get(run)?.steps.get(stepId),
    take: (entries) => entries.forEach(takeOne),
  }
  return log
}

function takeTransition(record: RunRecord, { header }: Stored): void {
  const { transition, index, kind } = header
  must(record.entries === 1 || !isTerminal(record.state) || !transition, 'what ended stays so', `${record.run} ${kind}`)
  must(record.pausedAt === undefined || !DOINGS.has(kind), 'what is paused does nothing', `${record.run} ${kind}`)
  if (kind === 'run.cancel_requested') record.cancelledAt ??= index
  must(
    kind !== 'run.cancel_requested' || !isTerminal(record.state),
    'what ended is not cancelled',
    `${record.run} ${record.state}`,
  )
  if (!transition) return
  if (transition.from === undefined) {
    must(record.entries === 1 && transition.to === 'scheduled', 'a run begins once', record.run)
    return
  }
  const legal = transition.from === record.state && mayFollow(transition.from, transition.to)
  must(legal, 'states move legally', `${record.run} at ${record.state}: ${transition.from} to ${transition.to}`)
  record.state = transition.to
  record.pausedAt = transition.to === 'paused' ? index : undefined
}

/** What a run does of its own accord; what is in flight may end in a paused one. */
const DOINGS = new Set<EntryKind>(['wait.begun', 'wait.ended', 'review.expired', 'budget.reached', 'run.started'])

const freshStep = (): StepRecord => ({
  permitted: undefined,
  started: undefined,
  attempts: 0,
  finished: 0,
  repeatsAllowed: 0,
})

function stepOf(record: RunRecord, stepId: string): StepRecord {
  const step = record.steps.get(stepId) ?? freshStep()
  record.steps.set(stepId, step)
  return step
}

function takeStep(record: RunRecord, stored: Stored, nonces: Set<string>): void {
  const { run } = record
  const { index } = stored.header
  const verified = payloadOf(stored, 'action.verified')
  if (verified) {
    const { action, result, permission } = verified
    const step = stepOf(record, action.stepId)
    must(step.finished === 0, 'what finished is not judged again', `${run} ${action.stepId}`)
    must(!permission || result.verdict === 'allow', 'only allow permits', `${run} ${action.stepId}`)
    must(!permission || !nonces.has(permission.nonce), 'a permission is new', `${run} ${action.stepId}`)
    must(!permission || record.pausedAt === undefined, 'what is paused begins nothing', `${run} ${action.stepId}`)
    if (permission) nonces.add(permission.nonce)
    step.permitted = permission && { digest: permission.actionDigest, nonce: permission.nonce, index }
    step.started = undefined
  }
  for (const { step } of payloadOf(stored, 'compensation.begun')?.steps ?? []) record.undo.add(step.id)
  const started = payloadOf(stored, 'action.started')
  if (started) {
    const step = stepOf(record, started.stepId)
    must(step.permitted?.digest === started.actionDigest, 'what starts was permitted', `${run} ${started.stepId}`)
    must(started.attempt === step.attempts + 1, 'attempts are counted', `${run} ${started.stepId} ${started.attempt}`)
    must(record.pausedAt === undefined, 'what is paused begins nothing', `${run} ${started.stepId}`)
    step.attempts = started.attempt
    step.started = index
  }
  const finished = payloadOf(stored, 'action.finished')
  if (finished) {
    const step = stepOf(record, finished.stepId)
    // What is tried again has not finished.
    if (finished.retry) {
      step.permitted = undefined
      // That it may be is looked after elsewhere.
      step.repeatsAllowed += 1
    } else step.finished += 1
    must(step.finished <= 1, 'a step finishes once', `${run} ${finished.stepId}`)
  }
}

function takeReview({ run, reviews, steps }: RunRecord, stored: Stored): void {
  const asked = payloadOf(stored, 'review.requested')
  if (asked) {
    const { reviewId, stepId, cause, terms } = asked
    // Whoever is asked again about a step is asked about nothing else of it.
    for (const [id, review] of reviews) if (review.stepId === stepId) reviews.delete(id)
    reviews.set(reviewId, { stepId, cause, needs: terms?.quorum ?? 1, decided: false })
  }
  // Nobody waits for what a run was about to do once it undoes what it did.
  if (payloadOf(stored, 'compensation.begun')) for (const review of reviews.values()) review.decided = true
  const expired = reviews.get(payloadOf(stored, 'review.expired')?.reviewId ?? '')
  if (expired) expired.decided = true
  const decision = payloadOf(stored, 'review.decided')
  if (!decision) return
  const review = reviews.get(decision.reviewId)
  must(review !== undefined, 'what is decided was asked', `${run} ${decision.reviewId}`)
  review.needs -= decision.decision === 'approve' ? 1 : review.needs
  review.decided ||= review.needs <= 0
  const step = steps.get(review.stepId)
  if (!step || decision.decision !== 'approve') return
  if (review.cause === 'outcome_unknown') step.repeatsAllowed += 1
  // What should have undone an effect is tried once more.
  if (review.cause === 'compensation') step.finished = 0
}

function takeBudget(record: RunRecord, stored: Stored): void {
  const proposed = payloadOf(stored, 'plan.proposed')
  if (proposed) record.proposed += proposed.plan.steps.length
  const turn = proposed?.turn ?? payloadOf(stored, 'agent.concluded')?.turn
  if (turn !== undefined) {
    must(turn === record.turns, 'turns are counted', `${record.run} ${turn}`)
    record.turns += 1
  }
  const { budget } = record
  must(record.proposed <= budget.actions, 'budgets are kept', `${record.run} proposes ${record.proposed} actions`)
  must(record.turns <= budget.turns, 'budgets are kept', `${record.run} takes ${record.turns} turns`)
}
