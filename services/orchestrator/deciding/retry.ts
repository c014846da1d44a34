import { isStateful, type Outcome, type Retry, type RetryPolicy, type SkillManifest } from '@azora/contracts'
import { sha256Hex } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { NO_NODE } from '../fold/no-node.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { knownSkill } from './known-skill.ts'

/** Errors of the input, the code or the machine's walls: the same action meets them again. */
const NEVER = new Set([
  'artifact_invalid',
  'artifact_missing',
  'artifact_too_large',
  'cancelled',
  'code_mismatch',
  'input_invalid',
  'invocation_invalid',
  'limit_output',
  'module_broken',
  'output_invalid',
  'request_too_large',
  'resource_outside',
  'resource_protected',
])

/**
 * The attempt that follows one that failed; undefined when the failure is final. It depends on the log alone, so that a
 * replay agrees.
 */
export function retryAfter(
  registry: Pick<Registry, 'skill'>,
  fold: Pick<RunFold, 'spec' | 'steps'>,
  step: StepFold,
  outcome: Outcome,
): Retry | undefined {
  const skill = step.action && knownSkill(registry, step.action.skillId, step.action.skillVersion)
  const policy = skill && policyOf(step, skill)
  if (!policy || !isWorthIt(policy, skill, outcome)) return undefined
  const attempt = (step.failures?.count ?? 0) + 2
  if (attempt > policy.attempts || isSpent(fold)) return undefined
  const waitMs = backoffMs(policy, attempt, `${fold.spec.runId}:${step.step.id}:${attempt}`)
  const tookMs = (step.failures?.tookMs ?? 0) + outcome.durationMs + waitMs
  return policy.withinMs !== undefined && tookMs > policy.withinMs ? undefined : { attempt, waitMs }
}

/** What the caller says goes before what the skill says, but for the errors that the skill calls terminal. */
function policyOf({ step }: StepFold, { retry: declared }: SkillManifest): RetryPolicy | undefined {
  if (!step.retry || !declared?.terminal) return step.retry ?? declared
  return { ...step.retry, terminal: [...(step.retry.terminal ?? []), ...declared.terminal] }
}

function isWorthIt(policy: RetryPolicy, skill: SkillManifest, { state, node, error }: Outcome): boolean {
  if (state !== 'failed' || !error || node === NO_NODE || NEVER.has(error.code)) return false
  if (policy.terminal?.includes(error.code)) return false
  if (policy.retryable && !policy.retryable.includes(error.code)) return false
  return isHarmless(skill, error.code)
}

/** An effect that must not happen twice is tried again only after an error of which its skill says that nothing happened. */
const isHarmless = ({ effects, idempotent, retry }: SkillManifest, code: string): boolean =>
  idempotent || !isStateful(effects) || (retry?.retryable?.includes(code) ?? false)

/** True when the run may not try anything again. Attempts that are about to go on record count. */
function isSpent({ spec, steps }: Pick<RunFold, 'spec' | 'steps'>): boolean {
  const { retries } = spec.budget
  if (retries === undefined) return false
  let used = 0
  for (const { failures, retrying } of steps.values()) used += (failures?.count ?? 0) + (retrying ? 1 : 0)
  return used >= retries
}

/** @param name the part that chance takes is told from it: the same for the same attempt, at any time */
function backoffMs({ firstMs, factor, maxMs, jitter }: RetryPolicy, attempt: number, name: string): number {
  const fullMs = Math.min(maxMs, firstMs * factor ** (attempt - 2))
  const chance = Number.parseInt(sha256Hex(name).slice(0, 8), 16) / 2 ** 32
  return Math.round(fullMs * (1 - jitter * chance))
}
