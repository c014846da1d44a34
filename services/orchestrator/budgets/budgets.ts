import { timestamp } from '@azora/base'
import {
  type Action,
  type AdmissionLimits,
  type Amounts,
  amountsOf,
  type BudgetView,
  type PeriodBudget,
} from '@azora/contracts'
import { exceeded, mostOf, sumOf } from './amounts.ts'
import { type Ledger, periodsAt, subjectsOf } from './ledger.ts'

/** A budget as it bounds the next action. */
export interface Bound {
  /** `run`, `agent:NAME` or `tenant:NAME`. */
  of: string
  /** What it is held under in this process. */
  key: string
  per?: PeriodBudget['per']
  allowed: Amounts
  used: Amounts
  reserved: Amounts
  onReached: 'ask' | 'fail'
  /** What the action may take of it; what an attempt takes at most if absent. */
  asked?: Amounts
}

/** A budget that leaves no room for an action. */
export interface Reached extends Pick<Bound, 'of' | 'per' | 'onReached' | 'allowed'> {
  what: string
  asked: Amounts
  /** Used, reserved and held. */
  taken: Amounts
  /** True when it would fit if all that is reserved were given back. */
  mayFit: boolean
}

/** Room that is kept for an action until its permission is on record. */
export interface Hold {
  /**
   * Whether the action still fits when it is about to begin: in the budgets as they are by then, beside what is used, reserved
   * and confirmed. Where it does, those that have not begun come after it.
   *
   * @param own of the run, as it is by then
   */
  confirm(own?: Bound): boolean
  release(): void
}

type Asking = Pick<Action, 'stepId' | 'tenant' | 'principal' | 'limits' | 'cost'>

export interface Budgets {
  /**
   * Keeps room in the budgets of the agent, the tenant and the run, in all or in none.
   *
   * @param own of the run, where it has one
   */
  hold(action: Asking, own?: Bound): Hold | { reached: Reached }
  /** What is held of a run's own budget, by step. */
  heldBy(key: string): Map<string, Amounts>
  views(): BudgetView[]
}

interface Held {
  step: string
  by: Map<string, Amounts>
  confirmed: boolean
}

const VIEWS_MAX = 30_000

/** @param ledger kept up with the log before an append resolves, so that a hold is released when its entry counts */
export function createBudgets(ledger: Ledger, limits: () => AdmissionLimits, now: () => number): Budgets {
  // In whichever period an entry comes to lie, what is held for it counts.
  const holds = new Set<Held>()
  const heldBy = (key: string): Map<string, Amounts> =>
    new Map(
      [...holds].flatMap(({ step, by }) => {
        const most = by.get(key)
        return most ? [[step, most]] : []
      }),
    )
  // Not by step: steps of many runs hold what is a tenant's or an agent's.
  const heldOf = (key: string, counts: (held: Held) => boolean): Amounts =>
    sumOf(...[...holds].map((held) => (counts(held) ? held.by.get(key) : undefined)))

  function boundOf(subject: string): Bound | undefined {
    const budget = budgetOf(limits(), subject)
    if (!budget) return undefined
    const { per, onReached = 'ask' } = budget
    const period = periodsAt(timestamp(now()))[per]
    const [used, reserved] = [ledger.used(subject, period), ledger.reserved(subject, period)]
    return { of: subject, key: subject, per, allowed: amountsOf(budget), used, reserved, onReached }
  }
  function reachedIn(
    { of, key, per, allowed, used, reserved, onReached }: Bound,
    asked: Amounts,
    counts: (held: Held) => boolean,
  ): Reached | undefined {
    const taken = sumOf(used, reserved, heldOf(key, counts))
    const what = exceeded(asked, taken, allowed)
    if (what === undefined) return undefined
    const mayFit = exceeded(asked, used, allowed) === undefined
    return { of, ...(per && { per }), onReached, what, asked, taken, allowed, mayFit }
  }

  return {
    hold(action, own) {
      const subjects = subjectsOf(action)
      const most = mostOf(action)
      const reachedBy = (counts: (held: Held) => boolean, run?: Bound): Reached | undefined => {
        for (const bound of [run, ...subjects.map(boundOf)]) {
          const reached = bound && reachedIn(bound, bound.asked ?? most, counts)
          if (reached) return reached
        }
        return undefined
      }
      const reached = reachedBy(() => true, own)
      if (reached) return { reached }
      const by = new Map(subjects.map((key) => [key, most]))
      if (own) by.set(own.key, own.asked ?? most)
      const held = { step: action.stepId, by, confirmed: false }
      holds.add(held)
      return {
        confirm(run) {
          held.confirmed = reachedBy((other) => other.confirmed && other !== held, run) === undefined
          return held.confirmed
        },
        release: () => void holds.delete(held),
      }
    },
    heldBy,
    views() {
      const { tenants, agents } = limits()
      const named = [
        ...Object.keys(tenants).map((name) => `tenant:${name}`),
        ...Object.keys(agents).map((name) => `agent:${name}`),
      ]
      const at = periodsAt(timestamp(now()))
      return [...new Set([...named, ...ledger.subjects()])]
        .sort()
        .flatMap((of): BudgetView[] => {
          const budget = budgetOf(limits(), of)
          if (!budget) return []
          const period = at[budget.per]
          return [{ of, budget, period, used: ledger.used(of, period), reserved: ledger.reserved(of, period) }]
        })
        .slice(0, VIEWS_MAX)
    },
  }
}

function budgetOf({ agents, tenants, everyTenant }: AdmissionLimits, subject: string): PeriodBudget | undefined {
  const name = subject.slice(subject.indexOf(':') + 1)
  return subject.startsWith('agent:') ? agents[name]?.budget : (tenants[name]?.budget ?? everyTenant.budget)
}
