import { type Action, type Amounts, amountsOf, type Budget, ChildInput, RUN_START, type Share } from '@azora/contracts'
import { sumOf } from './amounts.ts'

export const startsRun = ({ skillId }: Pick<Action, 'skillId'>): boolean => skillId === RUN_START

/** What the start of a child takes of its parent's budget at most. That the parent waits takes no time of it. */
export const mostOfChild = ({ input }: Pick<Action, 'input'>, share: Share = {}): Amounts =>
  sumOf({ actions: 1 }, { actions: ChildInput.parse(input).actions }, amountsOf(share))

/**
 * What a child may use of its parent's budget: what its step names, and of the rest as much as each other step that is
 * still to begin.
 *
 * @param left of each limit of the budget
 * @param parts in which that is shared
 */
export function shareOf({ input }: Pick<Action, 'input'>, budget: Budget, left: Amounts, parts: number): Share {
  const { timeMs, tokens, money } = ChildInput.parse(input)
  const limits = amountsOf(budget)
  const part = (name: string): number =>
    Math.min(limits[name] ?? 0, Math.floor(Math.max(0, left[name] ?? 0) / Math.max(1, parts)))
  return {
    ...(budget.timeMs !== undefined && { timeMs: part('timeMs') }),
    ...(budget.tokens !== undefined && { tokens: part('tokens') }),
    ...(budget.money && { money: { ...budget.money, micros: part(budget.money.currency) } }),
    ...(timeMs !== undefined && { timeMs }),
    ...(tokens !== undefined && { tokens }),
    ...(money && { money }),
  }
}
