import { Budget, NewUseLimits, PeriodBudget } from '@azora/contracts'
import { usageError } from './exit.ts'

const HELP = 'Give it like day,actions=1000,tokens=2000000,USD=5.00,time=2h,reached=fail; or none.'
const RUN_HELP = 'Give it like actions=100,turns=20,tokens=200000,USD=0.50,time=10m,reached=fail.'
const USE_HELP = 'Give it like tokens=200000,USD=0.50,time=10m,reached=fail.'
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const
const COUNTS = new Set(['actions', 'tokens', 'turns', 'retries'])

/** A budget of a tenant or an agent as it is typed; undefined for `none`. */
export function budgetOf(text: string): PeriodBudget | undefined {
  if (text === 'none') return undefined
  const [per, ...terms] = text.split(',')
  const said = termsOf(terms)
  const budget = said && PeriodBudget.safeParse({ per, ...said })
  if (!budget?.success) throw usageError(`--budget ${text} is no budget`, HELP)
  return budget.data
}

/** A run's own budget as it is typed. */
export function runBudgetOf(text: string): Budget {
  const said = termsOf(text.split(','))
  const budget = said && Budget.safeParse(said)
  if (!budget?.success) throw usageError(`--budget ${text} is no budget of a run`, RUN_HELP)
  return budget.data
}

/** What a run may use altogether from now on as it is typed. */
export function newUseLimitsOf(text: string): NewUseLimits {
  const said = termsOf(text.split(','))
  const limits = said && NewUseLimits.safeParse(said)
  if (!limits?.success) throw usageError(`--budget ${text} is nothing that can be set of a run that goes on`, USE_HELP)
  return limits.data
}

/** Undefined where two terms are of the same: of two amounts, or two currencies, one would be lost. */
function termsOf(terms: readonly string[]): object | undefined {
  const said = Object.assign({}, ...terms.map(termOf))
  return terms.length > 0 && Object.keys(said).length === terms.length ? said : undefined
}

function termOf(term: string): object {
  const [, name = '', value = ''] = /^([A-Za-z]+)=(.+)$/.exec(term) ?? []
  if (name === 'reached') return { onReached: value }
  if (COUNTS.has(name)) return { [name]: /^\d+$/.test(value) ? Number(value) : Number.NaN }
  if (name === 'time') {
    const [, count, unit] = /^(\d+)([smh])$/.exec(value) ?? []
    return { timeMs: Number(count) * UNIT_MS[(unit ?? 's') as keyof typeof UNIT_MS] }
  }
  const [, whole, part = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(value) ?? []
  return { money: { currency: name, micros: Number(`${whole}${part.padEnd(6, '0')}`) } }
}
