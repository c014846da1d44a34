import { exceeded, mostOf } from '../../budgets/amounts.ts'
import { OWN, ownBound } from '../../budgets/own.ts'
import { startsChild } from '../../children/child.ts'
import { knownSkill } from '../../deciding/known-skill.ts'
import { type Check, compared } from '../check.ts'
import { openMove } from './move.ts'
import type { Checker } from './scene.ts'

/** A budget is told what was taken of it, as others take of it too; whether it left room follows from that. */
export const checkReached: Checker<'budget.reached'> = (scene, entry) => {
  const { stepId, skillVersion, of, what, asked, taken, allowed } = entry.payload
  const { fold } = scene.past
  const step = fold.steps.get(stepId)?.step
  const about = { kind: 'transition' as const, step: stepId, message: 'the budget is not reached by this' }
  const checks: Check[] = [compared(about, { what }, { what: exceeded(asked, taken, allowed) ?? null })]
  if (of === OWN) checks.push(compared(about, { allowed }, { allowed: ownBound(fold)?.allowed ?? null }))
  const skill = step && knownSkill(scene.past.registryAt(entry), step.skill, skillVersion)
  // What a child may take hangs on what others hold.
  if (!step || !startsChild(step)) {
    const message = 'the step may take something else'
    checks.push(compared({ kind: 'action', step: stepId, message }, { asked }, { asked: skill ? mostOf(skill) : null }))
  }
  return [...checks, openMove(scene, 'budget.reached', `attempt ${stepId}`)]
}
