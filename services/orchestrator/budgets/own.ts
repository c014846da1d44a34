import { type Amounts, amountsOf, type Budget, type Entry, type RunSpec, type RunUse } from '@azora/contracts'
import { mostOf, sumOf, times } from './amounts.ts'
import type { Bound } from './budgets.ts'
import { permittedIn, type Reservation, settledBy } from './settle.ts'

/** The name of a run's own budget. */
export const OWN = 'run'

/** What a run has used and reserved of its own budget, as its entries tell it. What it took over is not its own. */
export interface OwnUse {
  used: Amounts
  open: Reservation[]
  /** People are asked whether it may use as much again. */
  asks: boolean
  renewals: number
}

/** Undefined for a run without a budget of time, tokens or money. */
export const newUse = (budget: Budget): OwnUse | undefined =>
  Object.keys(limitsIn(budget)).length > 0 ? { used: {}, open: [], asks: false, renewals: 0 } : undefined

/** Proposed actions are counted where they are proposed. */
const limitsIn = ({ actions: _, ...limits }: Budget): Amounts => amountsOf(limits)

/** @param entry whose payload is not erased */
export function countOwn(use: OwnUse, entry: Entry): void {
  const { header, payload } = entry
  const action = permittedIn(entry)
  if (action) use.open.push({ step: action.stepId, most: mostOf(action) })
  else if (header.kind === 'run.paused' && 'budget' in payload) use.asks = payload.budget === OWN
  else if (header.kind === 'run.resumed' && use.asks) {
    use.asks = false
    use.renewals += 1
  } else {
    const settled = settledBy(use.open, entry)
    use.used = sumOf(use.used, ...settled.values())
    use.open = use.open.filter((one) => !settled.has(one))
  }
}

/** The run's own budget as it bounds its next action. */
export function ownBound({ own, spec }: { own?: OwnUse; spec: RunSpec }): Bound | undefined {
  if (!own) return undefined
  const { budget } = spec
  return {
    of: OWN,
    key: `run:${spec.runId}`,
    allowed: times(limitsIn(budget), 1 + own.renewals),
    used: own.used,
    reserved: reservedOf(own),
    onReached: budget.onReached ?? 'ask',
  }
}

const reservedOf = ({ open }: OwnUse): Amounts => sumOf(...open.map(({ most }) => most))

export const viewUse = (own: OwnUse): RunUse => ({
  used: own.used,
  reserved: reservedOf(own),
  renewals: own.renewals,
})
