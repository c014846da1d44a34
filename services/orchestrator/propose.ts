import { toAzoraError } from '@azora/base'
import type { Action, Failure, SkillManifest, VerificationContext, VerificationResult } from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { actionOf, proposerOf } from './action.ts'
import { claimBatch } from './batch.ts'
import { bindInput } from './bind.ts'
import type { RunFold } from './fold.ts'
import type { SecretTermsOf } from './ports.ts'
import { approvalFor } from './review-fold.ts'
import { runFactsFor } from './run-facts.ts'
import { secretsOf } from './secrets.ts'
import type { StepFold } from './step-fold.ts'

/** The action that a step becomes, or why it can't become one. */
export type Proposal = { action: Action; skill: SkillManifest } | { invalid: Failure }

export interface ProposeDeps {
  registry: Pick<Registry, 'skill' | 'checkSkillInput'>
  secretTermsOf: SecretTermsOf
}

export function propose(
  { registry, secretTermsOf }: ProposeDeps,
  fold: RunFold,
  { step, action: earlier, amended }: StepFold,
): Proposal {
  try {
    // A step that was verified once stays with that version, whatever was registered since.
    const skill = registry.skill(step.skill, earlier?.skillVersion ?? step.version)
    const input = amended?.input ?? bindInput(step.input, (stepId) => fold.steps.get(stepId)?.outcome?.output)
    registry.checkSkillInput(skill, input)
    const { runId, tenant, owner } = fold.spec
    const secrets = secretsOf(skill, input, (name) => secretTermsOf(tenant, name))
    const origin = { runId, tenant, owner, proposer: proposerOf(fold.spec) }
    return { action: actionOf(origin, step.id, skill, input, secrets), skill }
  } catch (thrown) {
    const error = toAzoraError(thrown)
    if (error.advice === 'bug') throw error
    return { invalid: { code: error.code, message: error.message } }
  }
}

/** What the gate is told beside a step's action. */
export function contextFor(registry: Pick<Registry, 'agent'>, fold: RunFold, step: StepFold): VerificationContext {
  const { agentId, agentVersion, plan, scope } = fold.spec
  const declared = plan ? {} : { declaredSkills: registry.agent(agentId, agentVersion).skills }
  return { scope, ...declared, run: runFactsFor(fold, step) }
}

/** The review in which people allowed exactly this action, or a batch of such actions, of which it then keeps one use. */
export const approvedBy = (
  fold: RunFold,
  step: StepFold,
  action: Action,
  judged: VerificationResult,
  nowMs: number,
): string | undefined =>
  approvalFor(step.review, digestOf(action), nowMs) ?? claimBatch(fold.batches, step.step.id, action, judged, nowMs)
