import { isStateful } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import { retryAfter } from '../../deciding/retry.ts'
import { NO_NODE } from '../../fold/no-node.ts'
import type { StepFold } from '../../fold/step-fold.ts'
import { abandoned, observedIn } from '../../judging/outcomes.ts'
import { type Check, compared } from '../check.ts'
import { lawBehind } from './law.ts'
import { openMove } from './move.ts'
import type { Checker, Scene } from './scene.ts'

export const checkFinished: Checker<'action.finished'> = async (scene, entry) => {
  const { payload } = entry
  const { stepId, actionDigest, outcome, observed } = payload
  const { fold } = scene.past
  const step = fold.steps.get(stepId)
  scene.past.course.close(`endChild ${stepId}`)
  const checks: Check[] = [
    compared(
      { kind: 'transition', step: stepId, message: 'an action ended that was not allowed' },
      actionDigest,
      step?.action && step.result?.verdict === 'allow' ? digestOf(step.action) : null,
    ),
  ]
  if (step?.action && isStateful(step.action.effects) && outcome.node !== NO_NODE) {
    const message = 'an effect has an outcome that was not on record as started'
    checks.push(compared({ kind: 'transition', step: stepId, message }, { started: true }, { started: step.started }))
  }
  if (outcome.outputDigest !== undefined) {
    const message = 'the output is not the one of its digest'
    const now = outcome.output === undefined ? null : digestOf(outcome.output)
    checks.push(compared({ kind: 'observation', step: stepId, message, alone: true }, outcome.outputDigest, now))
  }
  if (outcome.node === NO_NODE && outcome.state === 'failed' && step) {
    const message = 'the step is given up for another reason'
    checks.push(compared({ kind: 'transition', step: stepId, message }, outcome, abandoned(step)))
    checks.push(openMove(scene, 'action.finished', `abandon ${stepId}`))
  }
  if (!step?.result || !step.action) return checks
  checks.push(checkRetry(scene, entry, step))
  const about = { kind: 'observation' as const, step: stepId }
  const law = await lawBehind(scene.laws, step.result, about)
  if ('missing' in law) return [...checks, law.missing]
  const now = observedIn(law.gate, fold, stepId, outcome)
  const message = 'something else is found in what it brought back'
  return [...checks, compared({ ...about, message }, { observed: observed ?? null }, { observed: now ?? null })]
}

function checkRetry({ past }: Scene, entry: Parameters<typeof checkFinished>[1], step: StepFold): Check {
  const { stepId, outcome, retry } = entry.payload
  const now = retryAfter(past.registryAt(entry), past.fold, step, outcome)
  const message = 'what follows the failure is something else'
  return compared({ kind: 'transition', step: stepId, message }, { retry: retry ?? null }, { retry: now ?? null })
}
