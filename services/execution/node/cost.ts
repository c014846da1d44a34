import type { Cost } from '@azora/contracts'
import { type Conclusion, failure } from './result.ts'

/** An action that says it cost more than its proof allows has failed; what it says it cost stays on record. */
export function withinCost(most: Cost | undefined, conclusion: Conclusion): Conclusion {
  const { ending, usage, cost } = conclusion
  if (!cost || isWithin(cost, most)) return conclusion
  const error = failure('cost_exceeded', 'it says that it cost more than its skill declares')
  return { ...error, cost, ...(ending && { ending }), ...(usage && { usage }) }
}

function isWithin({ tokens = 0, money }: Cost, most: Cost | undefined): boolean {
  if (tokens > (most?.tokens ?? 0)) return false
  if (!money || money.micros === 0) return true
  return money.currency === most?.money?.currency && money.micros <= most.money.micros
}
