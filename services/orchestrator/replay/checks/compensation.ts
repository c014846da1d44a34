import { compensationsFor } from '../../deciding/compensation.ts'
import { missedGoal } from '../../judging/output.ts'
import { type Check, compared, notCompared } from '../check.ts'
import { openMove } from './move.ts'
import type { Checker } from './scene.ts'

export const checkCompensation: Checker<'compensation.begun'> = (scene, entry) => {
  const { end, error, steps } = entry.payload
  const { fold, course } = scene.past
  const now = compensationsFor(scene.past.registryAt(entry), fold, end)
  const message = 'what undoes the run is something else'
  const checks: Check[] = [compared({ kind: 'action', message }, { steps }, { steps: now })]
  if (end === 'cancel') return [...checks, openMove(scene, 'compensation.begun', 'cancel')]
  const decided = course.open(`fail ${error?.code}`)?.decision
  if (decided?.do !== 'fail' && !(course.open('validate') && missedGoal(fold)))
    return [...checks, notCompared({ kind: 'transition' }, 'not_reproducible', `it failed with ${error?.code}`)]
  const expected = decided?.do === 'fail' ? decided.error : missedGoal(fold)
  const why = 'the run fails for another reason'
  return [...checks, compared({ kind: 'transition', message: why }, { error }, { error: expected })]
}
