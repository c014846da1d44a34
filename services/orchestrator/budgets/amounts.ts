import { type Action, type Amounts, amountsOf, Currency, limitsOf, type Outcome } from '@azora/contracts'
import { NO_NODE } from '../fold/no-node.ts'

/** What an attempt at the action takes at most. */
export const mostOf = ({ limits, cost = {} }: Pick<Action, 'limits' | 'cost'>): Amounts => ({
  actions: 1,
  timeMs: limitsOf(limits).wallMs,
  ...amountsOf(cost),
})

/** What an attempt took. What it doesn't say is taken for as much as it may be. */
export function chargeOf({ state, node, durationMs, cost }: Outcome, most: Amounts): Amounts {
  if (node === NO_NODE) return state === 'cancelled' ? {} : most
  const { actions = 1, timeMs = 0, ...costs } = most
  return { actions, timeMs: Math.min(Math.ceil(durationMs), timeMs), ...costs, ...(cost && amountsOf(cost)) }
}

export function sumOf(...all: ReadonlyArray<Amounts | undefined>): Amounts {
  const sum: Amounts = {}
  for (const amounts of all) for (const name in amounts) sum[name] = (sum[name] ?? 0) + (amounts[name] ?? 0)
  return sum
}

export const times = (amounts: Amounts, factor: number): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount * factor]))

/** What is left of each; less than nothing where more was taken. */
export const difference = (from: Amounts, taken: Amounts): Amounts =>
  Object.fromEntries(Object.entries(from).map(([name, amount]) => [name, amount - (taken[name] ?? 0)]))

/** @returns without what came to nothing */
export function without(from: Amounts, taken: Amounts): Amounts {
  const rest = sumOf(from)
  for (const name in taken) {
    rest[name] = (rest[name] ?? 0) - (taken[name] ?? 0)
    if (rest[name] <= 0) delete rest[name]
  }
  return rest
}

/**
 * What is asked of which there would be more than is allowed; undefined when all fits. Money in one currency bounds none in
 * another, so where any is bounded there is none of the others.
 */
export function exceeded(asked: Amounts, taken: Amounts, allowed: Amounts): string | undefined {
  const names = Object.keys(asked).filter((name) => (asked[name] ?? 0) > 0)
  const isBounded = Object.keys(allowed).some(isCurrency)
  return names.sort().find((name) => {
    if (!(name in allowed)) return isBounded && isCurrency(name)
    return (taken[name] ?? 0) + (asked[name] ?? 0) > (allowed[name] ?? 0)
  })
}

const isCurrency = (name: string): boolean => Currency.safeParse(name).success
