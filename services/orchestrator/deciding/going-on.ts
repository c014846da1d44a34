import type { RunState } from '@azora/contracts'
import type { RunFold } from '../fold/run-fold.ts'
import { stateOf } from '../fold/step-state.ts'

/** True while people have to decide about a step, or about the final output. */
export const waitsForPeople = ({ steps, outputReview }: Pick<RunFold, 'steps' | 'outputReview'>): boolean =>
  (outputReview !== undefined && outputReview.decision === undefined) ||
  [...steps.values()].some((step) => stateOf(step) === 'awaiting_review')

/** Where a paused run goes on. What was decided, or asked, while it was paused counts then. */
export function goesOnIn(fold: Pick<RunFold, 'pausedFrom' | 'steps' | 'outputReview'>): RunState | undefined {
  if (fold.pausedFrom === undefined || fold.pausedFrom === 'scheduled') return fold.pausedFrom
  return waitsForPeople(fold) ? 'awaiting_review' : 'running'
}
