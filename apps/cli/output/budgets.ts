import type { Amounts, BudgetView } from '@azora/contracts'
import type { Style } from './style.ts'
import { table } from './text.ts'

/** What is used and reserved of the budgets, below what is above; nothing where there are none. */
export function budgetsText(style: Style, budgets: readonly BudgetView[]): string {
  if (budgets.length === 0) return ''
  const rows = budgets.map(({ of, budget: { actions, timeMs, tokens, money, onReached }, period, used, reserved }) => [
    of.replace(':', ' '),
    period,
    amountsText({
      ...(actions !== undefined && { actions }),
      ...(timeMs !== undefined && { timeMs }),
      ...(tokens !== undefined && { tokens }),
      ...(money && { [money.currency]: money.micros }),
    }),
    amountsText(used),
    amountsText(reserved),
    onReached ?? 'ask',
  ])
  return `\n\n${table(style, ['budget of', 'period', 'may use', 'used', 'reserved', 'when reached'], rows)}`
}

const amountsText = (amounts: Amounts): string =>
  Object.entries(amounts)
    .map(([name, amount]) => {
      if (name === 'timeMs') return `${(amount / 1_000).toFixed(1)} s`
      if (name === 'actions' || name === 'tokens') return `${amount} ${name}`
      return `${name} ${(amount / 1_000_000).toFixed(6).replace(/0{1,4}$/, '')}`
    })
    .join(', ')
