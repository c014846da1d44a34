import { timestamp } from '@azora/base'
import type { Action, AdmissionLimits, Amounts, BudgetView, PeriodBudget } from '@azora/contracts'
import { allowedBy, exceeded, mostOf, sumOf } from './amounts.ts'
import { type Ledger, periodsAt, subjectsOf } from './ledger.ts'

/** A budget that leaves no room for an action. */
export interface Reached {
  of: string
  what: string
  budget: PeriodBudget
  /** True when it would fit if all that is reserved were given back. */
  mayFit: boolean
}

/** Room that is kept for an action until its permission is on record. */
export interface Hold {
  release(): void
}

export interface Budgets {
  /** Keeps room in the budgets of the agent and the tenant, in all or in none. */
  hold(action: Pick<Action, 'tenant' | 'principal' | 'limits' | 'cost'>): Hold | { reached: Reached }
  views(): BudgetView[]
}

const VIEWS_MAX = 30_000

/** @param ledger kept up with the log before an append resolves, so that a hold is released when its entry counts */
export function createBudgets(ledger: Ledger, limits: () => AdmissionLimits, now: () => number): Budgets {
  // In whichever period an entry comes to lie, what is held for it counts.
  const holds = new Map<symbol, { subjects: string[]; most: Amounts }>()
  const heldBy = (subject: string): Amounts =>
    sumOf(...[...holds.values()].filter(({ subjects }) => subjects.includes(subject)).map(({ most }) => most))

  function reachedBy(subject: string, asked: Amounts): Reached | undefined {
    const budget = budgetOf(limits(), subject)
    if (!budget) return undefined
    const period = periodsAt(timestamp(now()))[budget.per]
    const used = ledger.used(subject, period)
    const taken = sumOf(used, ledger.reserved(subject, period), heldBy(subject))
    const what = exceeded(asked, taken, allowedBy(budget))
    if (what === undefined) return undefined
    return { of: subject, what, budget, mayFit: exceeded(asked, used, allowedBy(budget)) === undefined }
  }

  return {
    hold(action) {
      const subjects = subjectsOf(action)
      const most = mostOf(action)
      for (const subject of subjects) {
        const reached = reachedBy(subject, most)
        if (reached) return { reached }
      }
      const id = Symbol()
      holds.set(id, { subjects, most })
      return { release: () => void holds.delete(id) }
    },
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
