import {
  type Amounts,
  amountsOf,
  type Budget,
  type Entry,
  type EntryPayload,
  type RunSpec,
  type RunUse,
} from '@azora/contracts'
import { isKind } from '../fold/about-step.ts'
import { mostOf, sumOf, times } from './amounts.ts'
import type { Bound } from './budgets.ts'
import { permittedIn, type Reservation, settledBy } from './settle.ts'
import { mostOfChild, startsRun } from './share.ts'

/** The name of a run's own budget. */
export const OWN = 'run'

/** What a run has used and reserved of its own budget, as its entries tell it. What it took over is not its own. */
export interface OwnUse {
  used: Amounts
  open: Reservation[]
  /** Times that something was given back, or the budget was changed. */
  settlements: number
  /** People are asked whether it may use as much again. */
  asks: boolean
  renewals: number
}

/** Undefined for a run without a budget of time, tokens or money. */
export const newUse = (budget: Budget): OwnUse | undefined =>
  Object.keys(limitsIn(budget)).length > 0
    ? { used: {}, open: [], settlements: 0, asks: false, renewals: 0 }
    : undefined

/** Proposed actions are counted where they are proposed. */
export const limitsIn = ({ actions: _, ...limits }: Budget): Amounts => amountsOf(limits)

/** Lets the run use what people set, altogether: what it was allowed again before is part of it. */
export function setBudget(fold: { spec: RunSpec; own?: OwnUse }, { budget }: EntryPayload<'run.resumed'>): void {
  if (!budget) return
  fold.spec = { ...fold.spec, budget: { ...fold.spec.budget, ...budget } }
  if (fold.own) Object.assign(fold.own, { asks: false, renewals: 0, settlements: fold.own.settlements + 1 })
}

/**
 * @param entry whose payload is not erased
 * @param awaited steps of which a child will tell what it used
 */
export function countOwn(use: OwnUse, entry: Entry, awaited: ReadonlySet<string>): void {
  const { header, payload } = entry
  if (isKind(entry, 'action.verified')) reserveOwn(use, entry)
  else if (isKind(entry, 'child.ended')) settleChild(use, entry.payload)
  else if (header.kind === 'run.paused' && 'budget' in payload) use.asks = payload.budget === OWN
  else if (header.kind === 'run.resumed' && use.asks) {
    use.asks = false
    use.renewals += 1
    use.settlements += 1
  } else settle(use, entry, awaited)
}

function settle(use: OwnUse, entry: Entry, awaited: ReadonlySet<string>): void {
  const settled = settledBy(
    use.open.filter(({ step }) => !awaited.has(step)),
    entry,
  )
  if (settled.size > 0) use.settlements += 1
  use.used = sumOf(use.used, ...settled.values())
  use.open = use.open.filter((one) => !settled.has(one))
}

function reserveOwn(use: OwnUse, entry: Entry<'action.verified'> & Entry): void {
  const { action, share } = entry.payload
  const step = action.stepId
  // It is judged again only while no run was started by it.
  if (startsRun(action)) use.open = use.open.filter((one) => one.step !== step)
  const most = startsRun(action) ? mostOfChild(action, share) : mostOf(action)
  if (permittedIn(entry)) use.open.push({ step, most })
  else settle(use, entry, new Set())
}

/** Gives back what the run's child left, also where its step is ended later, or not at all. */
function settleChild(use: OwnUse, { stepId, used }: Entry<'child.ended'>['payload']): void {
  const reservation = use.open.find(({ step }) => step === stepId)
  if (!reservation || !used) return
  use.open = use.open.filter((one) => one !== reservation)
  use.used = sumOf(use.used, { actions: 1 }, used)
  use.settlements += 1
}

/** What a run's own budget is held under in this process. */
export const keyOf = ({ runId }: Pick<RunSpec, 'runId'>): string => `run:${runId}`

/** The run's own budget as it bounds its next action. */
export function ownBound({ own, spec }: { own?: OwnUse; spec: RunSpec }): Bound | undefined {
  if (!own) return undefined
  const { budget } = spec
  return {
    of: OWN,
    key: keyOf(spec),
    allowed: times(limitsIn(budget), 1 + own.renewals),
    used: own.used,
    reserved: reservedBy(own),
    onReached: budget.onReached ?? 'ask',
  }
}

/** @param other what this step reserves is left out */
export const reservedBy = ({ open }: Pick<OwnUse, 'open'>, other?: string): Amounts =>
  sumOf(...open.filter(({ step }) => step !== other).map(({ most }) => most))

export const viewUse = (own: OwnUse): RunUse => ({
  used: own.used,
  reserved: reservedBy(own),
  renewals: own.renewals,
})
