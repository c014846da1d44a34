import { timestamp } from '@azora/base'
import { isTerminal, type Waits } from '@azora/contracts'
import { shardOf } from '../attempt/place.ts'
import { isCrowded } from '../budgets/reserve.ts'
import { childOf, isOpen, leftIn } from '../children/child.ts'
import { nextToUndo } from '../deciding/compensation.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { hasEnded, stateOf } from '../fold/step-state.ts'
import type { WaitFold } from '../fold/wait-fold.ts'

/** What steps wait for that no entry says: a place on a node, or shares of the run's budget that other steps hold. */
export type HeldUp = ReadonlyMap<string, 'place' | 'budget'>

/** Of a run that is driven: whoever drives it knows. */
export const heldUpIn = (fold: Pick<RunFold, 'steps' | 'own'>, othersGoOn: boolean): HeldUp =>
  new Map(
    [...fold.steps].flatMap(([stepId, step]): Array<[string, 'place' | 'budget']> => {
      if (hasEnded(step)) return []
      if (step.placeless) return [[stepId, 'place']]
      return step.crowdedAt !== undefined && isCrowded(fold, step, othersGoOn) ? [[stepId, 'budget']] : []
    }),
  )

/** Of a run that goes on and that nobody drives: a step that could begin is one for which there was no room. */
export const heldUpOf = (fold: RunFold): HeldUp =>
  new Map(
    fold.state !== 'running' || fold.ending
      ? []
      : [...fold.steps].flatMap(([stepId, step]): Array<[string, 'budget']> => {
          const begins = stateOf(step) === 'proposed' && unendedBefore(fold, step).length === 0
          return begins && fold.own?.open.some((one) => one.step !== stepId) ? [[stepId, 'budget']] : []
        }),
  )

/** What a step waits for; undefined while it is at work, and when it has ended, unless its child keeps the run from undoing what it did. */
export function waitsOf(fold: RunFold, step: StepFold, heldUp: HeldUp): Waits | undefined {
  if (isTerminal(fold.state)) return undefined
  if (fold.ending) return beforeUndoing(fold, step)
  if (hasEnded(step)) return undefined
  switch (stateOf(step)) {
    case 'waiting':
      return step.wait && termsOf(step.wait)
    case 'awaiting_review':
      return step.review && { review: step.review.reviewId }
    case 'started':
      return isOpen(step) ? childEnd(fold, step) : undefined
    default:
      return beforeIt(fold, step, heldUp)
  }
}

function childEnd(fold: RunFold, step: StepFold): Waits | undefined {
  const run = childOf(fold, step)
  return run === undefined ? undefined : { run }
}

/** Of a run that undoes what it did: the children that it leaves end before. */
function beforeUndoing(fold: RunFold, step: StepFold): Waits | undefined {
  const left = leftIn(fold)
  if (left.includes(step)) return childEnd(fold, step)
  const isNext = left.length > 0 && nextToUndo(fold)?.[1] === step
  return isNext ? { steps: left.map(({ step: { id } }) => id) } : undefined
}

const termsOf = ({ untilMs, signal }: WaitFold): Waits => ({
  ...(Number.isFinite(untilMs) && { until: timestamp(untilMs) }),
  ...(signal !== undefined && { signal }),
})

function beforeIt(fold: RunFold, step: StepFold, heldUp: HeldUp): Waits | undefined {
  const steps = unendedBefore(fold, step)
  if (steps.length > 0) return { steps }
  const held = heldUp.get(step.step.id)
  if (held === undefined) return undefined
  return held === 'place' ? { place: shardOf(fold) } : { budget: true }
}

const unendedBefore = ({ steps }: Pick<RunFold, 'steps'>, { waitsFor }: StepFold): string[] =>
  [...new Set(waitsFor)].filter((id) => {
    const before = steps.get(id)
    return before !== undefined && !hasEnded(before)
  })
