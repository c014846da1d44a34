import type { Entry, Step, VerificationResult } from '@azora/contracts'
import { boundSteps } from '../judging/bind.ts'
import { isKind } from './about-step.ts'
import { leftOff } from './left-off.ts'
import type { RunFold } from './run-fold.ts'
import type { StepFold } from './step-fold.ts'
import { hasEnded } from './step-state.ts'

/** Takes in what was proposed, in its order. */
export function addSteps(fold: RunFold, steps: readonly Step[], verdict?: VerificationResult): void {
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

/** Nothing of the run goes on but what undoes it. */
export function beginEnding(fold: RunFold, { payload }: Entry<'compensation.begun'>): void {
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
export function reviveStep(fold: RunFold, entry: Entry): StepFold | undefined {
  if (fold.erasures.size === 0 || !isKind(entry, 'action.verified')) return undefined
  const { stepId, skillId, skillVersion, input } = entry.payload.action
  addSteps(fold, [{ id: stepId, skill: skillId, version: skillVersion, input, after: [] }])
  return fold.steps.get(stepId)
}
