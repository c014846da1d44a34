import { AzoraError, toAzoraError } from '@azora/base'
import {
  type Action,
  type Failure,
  INLINE_BYTES_MAX,
  type JsonObject,
  type NoIsolation,
  type SkillManifest,
  type VerificationContext,
  type VerificationResult,
} from '@azora/contracts'
import { digestOf } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { assertChildAllowed, startsChild } from '../children/child.ts'
import { claimBatch } from '../fold/batch.ts'
import { approvalFor } from '../fold/review-fold.ts'
import { runFactsFor } from '../fold/run-facts.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import type { SecretTermsOf } from '../ports.ts'
import { actionOf, proposerOf } from './action.ts'
import { bindInput } from './bind.ts'
import { secretsOf } from './secrets.ts'

/** The action that a step becomes, or why it can't become one. */
export type Proposal = { action: Action; skill: SkillManifest } | { invalid: Failure }

export interface ProposeDeps {
  registry: Pick<Registry, 'skill' | 'checkSkillInput'>
  secretTermsOf: SecretTermsOf
}

export function propose({ registry, secretTermsOf }: ProposeDeps, fold: RunFold, proposed: StepFold): Proposal {
  const { step, action: earlier, amended, compensates } = proposed
  try {
    // A step that was verified once stays with that version, whatever was registered since.
    const skill = registry.skill(step.skill, earlier?.skillVersion ?? step.version)
    // What undoes was filled in when that began; what it was filled with binds nothing.
    const own = (): JsonObject =>
      compensates === undefined
        ? bindInput(step.input, (stepId) => fold.steps.get(stepId)?.outcome?.output)
        : step.input
    const input = amended?.input ?? own()
    assertInline(input)
    registry.checkSkillInput(skill, input)
    if (startsChild(step)) assertChildAllowed(fold, proposed, input)
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

/** An input that fits no entry of the journal can't be judged on record. Throws `input_too_large`. */
function assertInline(input: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(input))
  if (bytes <= INLINE_BYTES_MAX) return
  const message = `the input has ${bytes} bytes, and goes inline up to ${INLINE_BYTES_MAX}; name an artifact instead`
  throw new AzoraError('fix', 'input_too_large', message)
}

/** What the gate is told beside a step's action. */
export function contextFor(
  registry: Pick<Registry, 'agent'>,
  fold: RunFold,
  step: StepFold,
  isolation: NoIsolation | undefined,
): VerificationContext {
  const { agentId, agentVersion, plan, scope } = fold.spec
  const { skills } = plan ? { skills: [] } : registry.agent(agentId, agentVersion)
  const declared = plan ? {} : { declaredSkills: undoesBySkill(fold, step) ? [...skills, step.step.skill] : skills }
  return { scope, ...declared, run: runFactsFor(fold, step), ...(isolation && { isolation }) }
}

/** What the gate said, and what it was told beside the action. */
export interface Judged {
  result: VerificationResult
  context: VerificationContext
}

/**
 * The review in which people allowed exactly this action. An action has the same digest on every node, so where it may be
 * performed without isolation they must have been asked with all the reasons that there are now.
 */
export function approvalOf(
  { review }: StepFold,
  action: Action,
  { result, context }: Judged,
  nowMs: number,
): string | undefined {
  const isKnown = (rule: string): boolean => review?.reasons.some((known) => known.rule === rule) ?? false
  if (context.isolation && !result.reasons.every(({ rule }) => isKnown(rule))) return undefined
  return approvalFor(review, digestOf(action), nowMs)
}

/** What a skill says of how it is undone needs no word of the agent. */
const undoesBySkill = ({ steps }: RunFold, { compensates }: StepFold): boolean =>
  compensates !== undefined && steps.get(compensates)?.step.compensation === undefined

/** The review in which people allowed exactly this action, or a batch of such actions, of which it then keeps one use. */
export const approvedBy = (
  fold: RunFold,
  step: StepFold,
  action: Action,
  judged: Judged,
  nowMs: number,
): string | undefined =>
  approvalOf(step, action, judged, nowMs) ?? claimBatch(fold.batches, step.step.id, action, judged.result, nowMs)
