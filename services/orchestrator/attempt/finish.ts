import type { Outcome } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { retryAfter } from '../deciding/retry.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { abandoned, observedIn } from '../judging/outcomes.ts'
import { type AttemptDeps, common } from './deps.ts'

/** Ends a step that was tried too often. */
export async function abandonStep(deps: AttemptDeps, fold: RunFold, step: StepFold): Promise<void> {
  await endStep(deps, fold, step, abandoned(step))
}

/** Puts on record how a step's action ended. */
export async function endStep(deps: AttemptDeps, fold: RunFold, step: StepFold, outcome: Outcome): Promise<void> {
  if (!step.action) return
  await finish(deps, fold, { stepId: step.step.id, actionDigest: digestOf(step.action) }, outcome)
}

/** Tells how an action ended, and whether another attempt follows. */
export async function finish(
  deps: AttemptDeps,
  fold: RunFold,
  about: { stepId: string; actionDigest: string },
  outcome: Outcome,
): Promise<void> {
  const observed = observedIn(deps.gate, fold, about.stepId, outcome)
  const step = fold.steps.get(about.stepId)
  const retry = step && retryAfter(deps.registry, fold, step, outcome)
  if (step && retry) step.retrying = true
  const payload = { ...about, outcome, ...(retry && { retry }), ...(observed && { observed }) }
  try {
    await deps.conclude({ ...common(fold), kind: 'action.finished', payload })
  } finally {
    if (step) delete step.retrying
  }
}
