import type { Money } from '@azora/contracts'
import type { PlannedStep } from '../../request.ts'
import { type Detector, factAbout, type PlanSubject } from '../detector.ts'

/** Sums in minor units by currency; beyond 2^53 they stay exact, so that rounding can't hide an excess. */
type Sums = ReadonlyMap<string, bigint>

function sumOf(amounts: readonly Money[]): Sums {
  const sums = new Map<string, bigint>()
  for (const { currency, amount } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amount))
  return sums
}

const fits = (sums: Sums, granted: Sums): boolean =>
  [...sums].every(([currency, amount]) => amount <= (granted.get(currency) ?? 0n))

const spendOf = ({ resources }: PlannedStep): readonly Money[] => resources.spend ?? []

/**
 * Steps that each keep within the grant and together don't. A step that exceeds it alone is left out: it will be denied
 * by itself, and the others may still be done.
 */
export const planSpending: Detector<PlanSubject> = {
  name: 'plan-spending',
  rules: ['plan_overspends'],
  find({ steps, scope }) {
    const spending = steps.map(spendOf).filter((amounts) => amounts.length > 0)
    if (spending.length < 2) return []
    const granted = sumOf(scope.spend ?? [])
    const total = sumOf(spending.filter((amounts) => fits(sumOf(amounts), granted)).flat())
    const excess = [...total].filter(([currency, amount]) => amount > (granted.get(currency) ?? 0n))
    return factAbout(
      excess.map(([currency, amount]) => `${amount} ${currency} of ${granted.get(currency) ?? 0n} granted`),
      {
        rule: 'plan_overspends',
        article: '22',
        severity: 'CRITICAL',
        message: 'The steps of the plan would together spend more than the scope grants.',
        remedy: "Leave out steps until the sum is within the scope, or ask the run's owner to grant more.",
      },
    )
  },
}
