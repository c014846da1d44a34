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

const VIEWS_MAX = 30_000

/** @param ledger kept up with the log before an append resolves, so that a hold is released when its entry counts */
export function createBudgets(ledger: Ledger, limits: () => AdmissionLimits, now: () => number): Budgets {
  // In whichever period an entry comes to lie, what is held for it counts.
  const holds = new Map<symbol, { step: string; by: Map<string, Amounts> }>()
  const heldBy = (key: string): Map<string, Amounts> =>
    new Map(
      [...holds.values()].flatMap(({ step, by }) => {
        const most = by.get(key)
        return most ? [[step, most]] : []
      }),
    )
  // Not by step: steps of many runs hold what is a tenant's or an agent's.
  const heldOf = (key: string): Amounts => sumOf(...[...holds.values()].map(({ by }) => by.get(key)))

  function boundOf(subject: string): Bound | undefined {
    const budget = budgetOf(limits(), subject)
    if (!budget) return undefined
    const { per, onReached = 'ask' } = budget
    const period = periodsAt(timestamp(now()))[per]
    const [used, reserved] = [ledger.used(subject, period), ledger.reserved(subject, period)]
    return { of: subject, key: subject, per, allowed: amountsOf(budget), used, reserved, onReached }
  }
  function reachedIn({ of, key, per, allowed, used, reserved, onReached }: Bound, asked: Amounts): Reached | undefined {
    const taken = sumOf(used, reserved, heldOf(key))
    const what = exceeded(asked, taken, allowed)
    if (what === undefined) return undefined
    const mayFit = exceeded(asked, used, allowed) === undefined
    return { of, ...(per && { per }), onReached, what, asked, taken, allowed, mayFit }
  }

  return {
    hold(action, own) {
      const subjects = subjectsOf(action)
      const most = mostOf(action)
      for (const bound of [own, ...subjects.map(boundOf)]) {
        const reached = bound && reachedIn(bound, bound.asked ?? most)
        if (reached) return { reached }
      }
      const id = Symbol()
      const by = new Map(subjects.map((key) => [key, most]))
      if (own) by.set(own.key, own.asked ?? most)
      holds.set(id, { step: action.stepId, by })
      return { release: () => void holds.delete(id) }
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
