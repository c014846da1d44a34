import { AzoraError, type Clock } from '@azora/base'
import type { Action } from '@azora/contracts'
import type { RunFold } from '../fold.ts'
import type { Budgets, Hold, Reached } from './budgets.ts'
import { OWN, ownBound } from './own.ts'

const LOOK_MS = 100
/** Other actions may settle for less than they reserved within so many looks. */
const LOOKS_MAX = 50

/** Room for the action. While only reservations of others are in its way it waits for them a little. */
export async function roomFor(
  { budgets, clock }: { budgets: Budgets; clock: Pick<Clock, 'after'> },
  fold: RunFold,
  action: Action,
  signal: AbortSignal,
): Promise<Hold | { reached: Reached }> {
  for (let looks = 1; ; looks += 1) {
    const held = budgets.hold(action, ownBound(fold))
    if (!('reached' in held) || !held.reached.mayFit || looks >= LOOKS_MAX || signal.aborted) return held
    await new Promise<void>((resolve) => {
      clock.after(LOOK_MS, resolve)
    })
  }
}

/** In words for people. */
export const reachedText = ({ of, what, per }: Reached): string =>
  `the budget of ${of === OWN ? 'the run' : of}${PERIOD_TEXTS[per ?? 'none']} leaves no room for what the action may take of ${what}`

const PERIOD_TEXTS = { none: '', day: ' for a day', month: ' for a month', total: ' for all time' }

/** @throws AzoraError `budget_reached` where it was declared that runs fail */
export function failIfDeclared(reached: Reached): void {
  if (reached.onReached === 'fail')
    throw new AzoraError('fix', 'budget_reached', reachedText(reached), {
      remedy:
        reached.of === OWN
          ? 'Start it with a larger budget.'
          : 'Raise it with azora limits set, or wait for its next period.',
    })
}
