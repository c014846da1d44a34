import { AzoraError } from '@azora/base'
import { type Action, isStateful, type SkillManifest } from '@azora/contracts'
import type { Committed } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { UNPAUSED } from '../driving/moves.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { unsent } from '../judging/outcomes.ts'
import { propose } from '../judging/propose.ts'
import type { Slot } from '../ports.ts'
import { type AttemptDeps, common } from './deps.ts'
import { finish } from './finish.ts'
import { verify } from './verdict.ts'

/**
 * One attempt at a step: its action is verified, the verdict journaled, and what is allowed is performed on a node that
 * checks the verdict's receipt itself. Every way out is an entry; a lost node leaves the step as it was.
 */
export async function attemptStep(
  deps: AttemptDeps,
  fold: RunFold,
  step: StepFold,
  signal: AbortSignal,
): Promise<void> {
  const proposal = propose(deps, fold, step)
  if ('invalid' in proposal) {
    const { id: stepId, skill } = step.step
    await deps.append({
      ...common(fold),
      kind: 'action.invalid',
      payload: { stepId, skill, error: proposal.invalid },
    })
    return
  }
  const { action, skill } = proposal
  const actionDigest = digestOf(action)
  const verified = await verify(deps, fold, step, action, actionDigest, signal)
  if (!verified) return
  if (verified.result.verdict === 'review') {
    await deps.requestReview(step.step.id, {
      cause: 'verdict',
      actionDigest,
      reasons: verified.result.reasons,
      ...(verified.result.review && { terms: verified.result.review }),
    })
  }
  const { slot, committed } = verified
  if (slot) await perform(deps, fold, step, { action, actionDigest, skill, committed, slot }, signal)
}

interface Allowed {
  action: Action
  actionDigest: string
  skill: SkillManifest
  committed: Committed
  slot: Slot
}

async function perform(
  deps: AttemptDeps,
  fold: RunFold,
  step: StepFold,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<void> {
  const { action, actionDigest, skill, committed, slot } = allowed
  const about = { stepId: step.step.id, actionDigest }
  const receipt = committed.receipt()
  if (!receipt) throw new AzoraError('bug', 'receipt_missing', 'a fresh verdict has no receipt')
  if (isStateful(action.effects)) {
    const payload = { ...about, attempt: step.attempts + 1 }
    await deps.append({ ...common(fold), kind: 'action.started', payload, standing: UNPAUSED }).catch((thrown) => {
      slot.release()
      throw thrown
    })
  }
  const idempotencyKey = `${fold.spec.runId}:${step.step.id}`
  const request = { action, entrypoint: skill.entrypoint, idempotencyKey, receipt }
  const result = await slot.perform(request, signal)
  if (result.kind === 'outcome') await finish(deps, fold, about, result.outcome)
  if (result.kind === 'aborted') await finish(deps, fold, about, unsent(step))
}
