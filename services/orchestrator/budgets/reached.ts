import { AzoraError } from '@azora/base'
import type { Action, EntryPayload } from '@azora/contracts'
import type { Reached } from './budgets.ts'
import { OWN } from './own.ts'

type Told = Pick<Reached, 'of' | 'per' | 'what' | 'allowed'>

/** What goes on record of a budget by which a run fails. */
export const reachedBy = (
  { stepId, skillVersion }: Pick<Action, 'stepId' | 'skillVersion'>,
  { of, per, what, asked, taken, allowed }: Reached,
): EntryPayload<'budget.reached'> => ({
  stepId,
  skillVersion,
  of,
  ...(per && { per }),
  ...{ what, asked, taken, allowed },
})

/** In words for people. */
export function reachedText({ of, what, per, allowed }: Told): string {
  const budget = `the budget of ${of === OWN ? 'the run' : of}${PERIOD_TEXTS[per ?? 'none']}`
  return what in allowed
    ? `${budget} leaves no room for what the action may take of ${what}`
    : `${budget} holds no ${what}, which the action may cost`
}

const PERIOD_TEXTS = { none: '', day: ' for a day', month: ' for a month', total: ' for all time' }

/** By what a run fails where that was declared. */
export const reachedError = (reached: Told): AzoraError =>
  new AzoraError('fix', reached.what in reached.allowed ? 'budget_reached' : 'budget_currency', reachedText(reached))
