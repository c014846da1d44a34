import type { Money } from '@azora/contracts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

/** Amounts in minor units by currency. Sums beyond 2^53 stay exact, so that rounding can't hide an excess. */
function totals(amounts: readonly Money[]): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount))
  return sums
}

/** Amounts that the grant doesn't cover, after what the run has spent: `1300 EUR of 1250 EUR` in minor units. */
function excesses({ action, scope, run }: ActionSubject): string[] {
  const { spend = [] } = action.resources
  if (spend.length === 0) return action.effects.includes('spend') ? ['no amount is named'] : []
  const granted = totals(scope.spend ?? [])
  const spent = totals(run.spent)
  return [...totals(spend)].flatMap(([currency, amount]) => {
    const limit = granted.get(currency)
    if (limit === undefined) return [`${amount} ${currency}, a currency that is not granted`]
    const before = spent.get(currency) ?? 0n
    if (before + amount <= limit) return []
    return [`${amount} ${currency} after ${before} ${currency}, of ${limit} ${currency} granted`]
  })
}

/** Money that the run's owner didn't grant. Whether to spend what was granted is for people to decide. */
export const spend: Detector<ActionSubject> = {
  name: 'spend',
  rules: ['spend_over_grant'],
  find: (subject) =>
    factAbout(excesses(subject), {
      rule: 'spend_over_grant',
      article: '5',
      severity: 'CRITICAL',
      message: 'It would spend money that the run was not granted.',
      remedy: 'Name the amount and its currency, and stay within what the scope grants for the whole run.',
    }),
}
