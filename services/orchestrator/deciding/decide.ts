import { type Failure, isTerminal } from '@azora/contracts'
import { reachedError } from '../budgets/reached.ts'
import { isCrowded } from '../budgets/reserve.ts'
import { isOpen, leftIn, startsChild } from '../children/child.ts'
import { lostDependency, waitsForRuns } from '../dependencies/standing.ts'
import { endOfWait, isWait } from '../driving/wait.ts'
import { isOverdue } from '../fold/review-fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { hasEnded, stateOf } from '../fold/step-state.ts'
import { nextToUndo } from './compensation.ts'
import { waitsForPeople } from './going-on.ts'
import { repeatsFromMs } from './repeatable.ts'

/** What the engine does next for a run. */
export type Decision =
  | { do: 'start' }
  | { do: 'recognize' }
  | { do: 'reason'; turn: number }
  /** Verify the step's action and perform it when it is allowed. */
  | { do: 'attempt'; stepId: string }
  /** A step begins to wait for a time or a signal, or has waited long enough. */
  | { do: 'beginWait'; stepId: string }
  | { do: 'endWait'; stepId: string }
  /** The run that a step started has ended. */
  | { do: 'endChild'; stepId: string }
  /** A step was started, nobody knows how it ended, and doing it again isn't safe. */
  | { do: 'park'; stepId: string }
  /** People have to decide about a step, but the run goes on without them: they were asked while it was let go on. */
  | { do: 'ask'; stepId: string }
  /** What should have undone an effect didn't: people decide what becomes of it. */
  | { do: 'askToUndo'; stepId: string }
  /** Nobody decided about a step in time. */
  | { do: 'expire'; stepId: string }
  /** Nobody decided about the final output in time. */
  | { do: 'expireOutput' }
  /** All that people had to decide is decided, but none of the decisions moved the run: they were made at one time. */
  | { do: 'resume' }
  /** It was tried too often: it ends as failed. */
  | { do: 'abandon'; stepId: string }
  /** Ask the constitution about the final output. */
  | { do: 'validate' }
  | { do: 'finish' }
  | { do: 'cancel' }
  | { do: 'fail'; error: Failure }

export interface Circumstances {
  nowMs: number
  /** Steps and agent requests that this process works on right now. */
  inFlight: ReadonlySet<string>
  /** True when performing the step again under its idempotency key is harmless. */
  isRepeatable(stepId: string): boolean
}

const REFUSALS_MAX = 3
const VERIFICATIONS_MAX = 10

/** Name under which a question to the agent is in flight. */
export const AGENT = 'agent'

/**
 * The orchestrator's mind: from what the log says of a run to what has to happen now. Pure, so that the same log always
 * leads to the same decisions, in service, after a crash and in a simulation.
 */
export function decide(fold: RunFold, now: Circumstances): Decision[] {
  if (isTerminal(fold.state)) return []
  if (fold.state === 'validated') return [{ do: 'finish' }]
  const idle = now.inFlight.size === 0
  if (fold.ending) return decideEnding(fold, fold.ending, now)
  // Before a run ends, those that it started have.
  if (isStopping(fold, now) && hasChildren(fold))
    return decideSteps(fold, now).filter(({ do: what }) => what === 'endChild')
  if (fold.cancel || lostDependency(fold)) return idle ? [{ do: 'cancel' }] : []
  if (isOverdueRun(fold, now)) {
    return idle ? [fail('deadline_exceeded', `the deadline ${fold.spec.deadline} has passed`)] : []
  }
  if (fold.state === 'paused') return []
  if (fold.reached) return idle ? [failBy(fold.reached)] : []
  if (fold.state === 'awaiting_review') return decideWaiting(fold, now)
  if (fold.state === 'scheduled') return isEarly(fold, now) || waitsForRuns(fold) ? [] : [{ do: 'start' }]
  if (fold.concluded) return idle ? [{ do: 'validate' }] : []

  const pending = decideSteps(fold, now)
  if (pending.length > 0 || now.inFlight.size > 0) return pending
  if ([...fold.steps.values()].some((step) => !hasEnded(step))) return []
  return decideTurn(fold)
}

function decideWaiting(fold: RunFold, now: Circumstances): Decision[] {
  const overdue = overdueReviews(fold, now)
  if (overdue.length > 0) return overdue
  if (isOverdue(fold.outputReview, now.nowMs)) return [{ do: 'expireOutput' }]
  return waitsForPeople(fold) ? [] : [{ do: 'resume' }]
}

/** What the run did is undone one by one, once its children have ended; where that fails, people decide before anything else is. */
function decideEnding(fold: RunFold, { end, error }: NonNullable<RunFold['ending']>, now: Circumstances): Decision[] {
  if (fold.state === 'paused') return []
  if (fold.state === 'awaiting_review') return decideWaiting(fold, now)
  if (now.inFlight.size > 0) return []
  // A child that it leaves may still act on what is to be undone, or undo it itself.
  if (leftIn(fold).length > 0) return []
  const next = nextToUndo(fold)
  if (next) return hasEnded(next[1]) ? [{ do: 'askToUndo', stepId: next[0] }] : decideSteps(fold, now, [next])
  return end === 'cancel' ? [{ do: 'cancel' }] : [{ do: 'fail', error: error ?? UNTOLD }]
}

const UNTOLD: Failure = { code: 'failed', message: 'the run failed' }

const isOverdueRun = ({ spec }: RunFold, { nowMs }: Circumstances): boolean =>
  spec.deadline !== undefined && nowMs >= Date.parse(spec.deadline)

const isStopping = (fold: RunFold, now: Circumstances): boolean => fold.cancel !== undefined || isOverdueRun(fold, now)

const hasChildren = ({ steps }: RunFold): boolean =>
  [...steps.values()].some((step) => isOpen(step) || (step.child !== undefined && step.started))

const isEarly = ({ spec }: RunFold, { nowMs }: Circumstances): boolean =>
  spec.startAt !== undefined && nowMs < Date.parse(spec.startAt)

function overdueReviews(fold: RunFold, now: Circumstances): Decision[] {
  return [...fold.steps].flatMap(([stepId, step]): Decision[] => {
    const overdue = stateOf(step) === 'awaiting_review' && isOverdue(step.review, now.nowMs)
    return overdue && !now.inFlight.has(stepId) ? [{ do: 'expire', stepId }] : []
  })
}

function decideSteps(fold: RunFold, now: Circumstances, steps: Iterable<[string, StepFold]> = fold.steps): Decision[] {
  const decisions: Decision[] = []
  for (const [stepId, step] of steps) {
    if (hasEnded(step) || now.inFlight.has(stepId)) continue
    if (!step.waitsFor.every((id) => isOver(fold, id))) continue
    if (startsChild(step.step) && step.started) {
      if (step.child) decisions.push({ do: 'endChild', stepId })
      continue
    }
    const state = stateOf(step)
    if (isWait(step.step)) {
      if (!step.wait) decisions.push({ do: 'beginWait', stepId })
      else if (endOfWait(fold, stepId, now.nowMs)) decisions.push({ do: 'endWait', stepId })
      continue
    }
    if (isCrowded(fold, step, now.inFlight.size > 0)) continue
    if (state === 'retrying' && step.retry && now.nowMs < step.retry.dueMs) continue
    if (state === 'awaiting_review')
      decisions.push({ do: isOverdue(step.review, now.nowMs) ? 'expire' : 'ask', stepId })
    else if (state === 'started' && !now.isRepeatable(stepId) && step.review?.decision !== 'approve')
      decisions.push({ do: 'park', stepId })
    else if (state === 'started' && now.nowMs < repeatsFromMs(step)) continue
    else if (step.refusals >= REFUSALS_MAX || step.verifications - (step.settled ?? 0) >= VERIFICATIONS_MAX)
      decisions.push({ do: 'abandon', stepId })
    else decisions.push({ do: 'attempt', stepId })
  }
  return decisions
}

function isOver(fold: RunFold, stepId: string): boolean {
  const step = fold.steps.get(stepId)
  // What is bound to an unknown step is attempted, so that the agent is told why it can't work.
  return step === undefined || hasEnded(step)
}

function decideTurn(fold: RunFold): Decision[] {
  const { budget, plan } = fold.spec
  if (plan) return [{ do: 'reason', turn: fold.turns }]
  if (fold.pattern === undefined) return [{ do: 'recognize' }]
  if (fold.turns >= budget.turns)
    return [fail('turns_exceeded', `the agent did not finish within ${budget.turns} turns`)]
  return [{ do: 'reason', turn: fold.turns }]
}

function failBy(reached: NonNullable<RunFold['reached']>): Decision {
  const { code, message } = reachedError(reached)
  return fail(code, message)
}

const fail = (code: string, message: string): Decision => ({ do: 'fail', error: { code, message } })
