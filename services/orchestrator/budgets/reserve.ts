import { AzoraError, type Clock } from '@azora/base'
import type { Action } from '@azora/contracts'
import type { Budgets, Hold, Reached } from './budgets.ts'

const LOOK_MS = 100
/** Other actions may settle for less than they reserved within so many looks. */
const LOOKS_MAX = 50

/** Room for the action. While only reservations of others are in its way it waits for them a little. */
export async function roomFor(
  { budgets, clock }: { budgets: Budgets; clock: Pick<Clock, 'after'> },
  action: Action,
  signal: AbortSignal,
): Promise<Hold | { reached: Reached }> {
  for (let looks = 1; ; looks += 1) {
    const held = budgets.hold(action)
    if (!('reached' in held) || !held.reached.mayFit || looks >= LOOKS_MAX || signal.aborted) return held
    await new Promise<void>((resolve) => {
      clock.after(LOOK_MS, resolve)
    })
  }
}

/** In words for people. */
export const reachedText = ({ of, what, budget }: Reached): string =>
  `the budget of ${of} for ${budget.per === 'total' ? 'all time' : `a ${budget.per}`} leaves no room for what the action may take of ${what}`

/** @throws AzoraError `budget_reached` where it was declared that runs fail */
export function failIfDeclared(reached: Reached): void {
  if (reached.budget.onReached === 'fail')
    throw new AzoraError('fix', 'budget_reached', reachedText(reached), {
      remedy: 'Raise it with azora limits set, or wait for its next period.',
    })
}
