import { PeriodBudget } from '@azora/contracts'
import { usageError } from './exit.ts'

const HELP = 'Give it like day,actions=1000,tokens=2000000,USD=5.00,time=2h,reached=fail; or none.'
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const

/** A budget as it is typed; undefined for `none`. */
export function budgetOf(text: string): PeriodBudget | undefined {
  if (text === 'none') return undefined
  const [per, ...terms] = text.split(',')
  const parts = terms.map(termOf)
  const said = Object.assign({ per }, ...parts)
  const budget = PeriodBudget.safeParse(said)
  // Of two terms for the same amount, or two currencies, one would be lost.
  if (!budget.success || parts.length === 0 || Object.keys(said).length !== parts.length + 1)
    throw usageError(`--budget ${text} is no budget`, HELP)
  return budget.data
}

function termOf(term: string): object {
  const [, name = '', value = ''] = /^([A-Za-z]+)=(.+)$/.exec(term) ?? []
  if (name === 'reached') return { onReached: value }
  if (name === 'actions' || name === 'tokens') return { [name]: /^\d+$/.test(value) ? Number(value) : Number.NaN }
  if (name === 'time') {
    const [, count, unit] = /^(\d+)([smh])$/.exec(value) ?? []
    return { timeMs: Number(count) * UNIT_MS[(unit ?? 's') as keyof typeof UNIT_MS] }
  }
  const [, whole, part = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(value) ?? []
  return { money: { currency: name, micros: Number(`${whole}${part.padEnd(6, '0')}`) } }
}
