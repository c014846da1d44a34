import { type Action, isStateful } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { RegistryView, RunView } from '@azora/skills'
import { beginWait, isWait } from '../../driving/wait.ts'
import type { StepFold } from '../../fold/step-fold.ts'
import { propose } from '../../judging/propose.ts'
import type { SecretTermsOf } from '../../ports.ts'
import { type Check, compared } from '../check.ts'
import { openMove } from './move.ts'
import type { Checker, Scene } from './scene.ts'
import { checkVerdict } from './verdict.ts'

export const checkVerified: Checker<'action.verified'> = async (scene, entry) => {
  const { action, result, permission } = entry.payload
  const { stepId } = action
  const about = { kind: 'action' as const, step: stepId }
  const now = proposed(scene, entry, stepId, action)
  const message = 'the step becomes another action'
  const permitted = compared(
    { ...about, message: 'the permission is for another action', alone: true },
    permission?.actionDigest ?? null,
    result.verdict === 'allow' ? digestOf(action) : null,
  )
  const verdict = await checkVerdict(scene, entry)
  const early = checkWait(scene, entry)
  // Last, as the others look at how long it was open.
  const move = openMove(scene, 'action.verified', `attempt ${stepId}`)
  return [compared({ ...about, message }, { action }, now), permitted, ...verdict, ...early, move]
}

/** A step that waits for its next attempt is left alone until then. */
function checkWait({ past: { fold } }: Scene, { header, payload }: Parameters<typeof checkVerified>[1]): Check[] {
  const { stepId } = payload.action
  const retry = fold.steps.get(stepId)?.retry
  if (!retry) return []
  const waited = Date.parse(header.at) >= retry.dueMs
  const message = 'it is attempted again before its time'
  return [compared({ kind: 'transition', step: stepId, message }, { waited: true }, { waited })]
}

export const checkInvalid: Checker<'action.invalid'> = (scene, entry) => {
  const { stepId, skill, error } = entry.payload
  const message = 'the step becomes something else'
  const step = scene.past.fold.steps.get(stepId)
  if (step && isWait(step.step)) {
    const now = beginWait(scene.past.fold, step)
    const about = { kind: 'action' as const, step: stepId, message }
    return [
      compared(about, { kind: 'action.invalid', payload: entry.payload }, now),
      openMove(scene, 'action.invalid', `beginWait ${stepId}`),
    ]
  }
  const now = { ...proposed(scene, entry, stepId), skill: step?.step.skill ?? null }
  return [
    compared({ kind: 'action', step: stepId, message }, { invalid: error, skill }, now),
    openMove(scene, 'action.invalid', `attempt ${stepId}`),
  ]
}

export const checkStarted: Checker<'action.started'> = ({ past: { fold } }, { payload }) => {
  const { stepId, actionDigest, attempt } = payload
  const step = fold.steps.get(stepId)
  const allowed = step?.action && step.permission && isStateful(step.action.effects)
  const now = allowed ? { actionDigest: digestOf(step.action), attempt: step.attempts + 1 } : null
  const message = 'nothing that was allowed is started by this'
  return [compared({ kind: 'transition', step: stepId, message }, { actionDigest, attempt }, now)]
}

function proposed(
  { past }: Scene,
  entry: Parameters<typeof checkInvalid>[1] | Parameters<typeof checkVerified>[1],
  stepId: string,
  recorded?: Action,
): { action: Action } | { invalid: { code: string; message: string } } {
  const step = past.fold.steps.get(stepId)
  if (!step) return { invalid: { code: 'step_unknown', message: `no plan has a step ${stepId}` } }
  const registry = past.registryAt(entry)
  const then = recorded ? withVersion(registry, step, recorded) : registry
  const proposal = propose({ registry: then, secretTermsOf: termsIn(recorded) }, past.fold, step)
  return 'invalid' in proposal ? proposal : { action: proposal.action }
}

/** The terms of secrets as the action has them: what their owner set then is on record nowhere else as a whole. */
function termsIn({ secrets = [] }: Partial<Action> = {}): SecretTermsOf {
  return (_tenant, name) => {
    const uses = secrets.filter((use) => use.name === name)
    const [use] = uses
    return use && { ...use, environment: uses.some(({ mode }) => mode === 'environment') }
  }
}

/**
 * For a step that names no version, the one that was taken then, if it was known. What a catalogue held before offers went on
 * record, nobody knows.
 */
function withVersion(registry: RunView, { step, action }: StepFold, recorded: Action): RegistryView {
  if (registry.isOffered) return registry
  if (step.version !== undefined || action || recorded.skillId !== step.skill) return registry
  return { ...registry, skill: (id, version) => registry.skill(id, version ?? recorded.skillVersion) }
}
