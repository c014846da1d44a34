import { type Amounts, amountsOf, type Budget, type BudgetView, type RunDetail } from '@azora/contracts'
import type { Style } from './style.ts'
import { duration, plural, table } from './text.ts'

/** What is used and reserved of the budgets, below what is above; nothing where there are none. */
export function budgetsText(style: Style, budgets: readonly BudgetView[]): string {
  if (budgets.length === 0) return ''
  const rows = budgets.map(({ of, budget, period, used, reserved }) => [
    of.replace(':', ' '),
    period,
    amountsText(amountsOf(budget)),
    amountsText(used),
    amountsText(reserved),
    budget.onReached ?? 'ask',
  ])
  return `\n\n${table(style, ['budget of', 'period', 'may use', 'used', 'reserved', 'when reached'], rows)}`
}

/** What a run has used and reserved of its own budget; undefined where it has none of time, tokens or money. */
export function runUseText({ budget, budgetUse }: RunDetail): string | undefined {
  if (!budgetUse) return undefined
  const { used, reserved, renewals } = budgetUse
  const { actions: _, ...limits } = budget
  const again = renewals === 0 ? '' : `, renewed ${plural(renewals, 'time')}`
  const kept = Object.keys(reserved).length === 0 ? '' : `; reserved ${amountsText(reserved)}`
  return `${amountsText(amountsOf(limits))}${again}; used ${amountsText(used) || 'nothing'}${kept}`
}

/** What a run may use. */
export const budgetText = (budget: Budget): string =>
  [
    amountsText(amountsOf(budget)),
    plural(budget.turns, 'turn'),
    ...(budget.retries === undefined ? [] : [plural(budget.retries, 'retry', 'retries')]),
  ].join(', ')

const amountsText = (amounts: Amounts): string =>
  Object.entries(amounts)
    .map(([name, amount]) => {
      if (name === 'timeMs') return duration(amount)
      if (name === 'actions' || name === 'tokens') return plural(amount, name.slice(0, -1))
      return `${name} ${(amount / 1_000_000).toFixed(6).replace(/0{1,4}$/, '')}`
    })
    .join(', ')
