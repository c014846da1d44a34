import { isStateful } from '@azora/contracts'
import type { Registry } from '@azora/skills'
import type { StepFold } from './step-fold.ts'

/** True when performing the step's action once more can't have a second effect. */
export function isRepeatable(step: StepFold | undefined, registry: Pick<Registry, 'skill'>): boolean {
  const action = step?.action
  if (!action || !isStateful(action.effects)) return true
  try {
    return registry.skill(action.skillId, action.skillVersion).idempotent
  } catch {
    // A skill that is no longer here can't be asked, so the careful answer holds.
    return false
  }
}
