import { isStateful, NODE_LOST_MS } from '@azora/contracts'
import type { Registry } from '@azora/skills'
import type { StepFold } from '../fold/step-fold.ts'
import { knownSkill } from './known-skill.ts'

/**
 * When a step that people allow to be done once more, as nobody knows how it ended, may begin: no message that was on its way
 * to a node is acted on any more then.
 */
export const repeatsFromMs = ({ review }: StepFold): number =>
  review?.cause === 'outcome_unknown' ? Date.parse(review.requestedAt) + NODE_LOST_MS : 0

/** True when performing the step's action once more can't have a second effect. */
export function isRepeatable(step: StepFold | undefined, registry: Pick<Registry, 'skill'>): boolean {
  const action = step?.action
  if (!action || !isStateful(action.effects)) return true
  // A skill that is no longer here can't be asked, so the careful answer holds.
  return knownSkill(registry, action.skillId, action.skillVersion)?.idempotent ?? false
}
