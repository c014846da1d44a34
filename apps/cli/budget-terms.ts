import { Budget, NewUseLimits, PeriodBudget } from '@azora/contracts'
import type { z } from 'zod'
import { usageError } from './exit.ts'

const HELP = 'Give it like day,actions=1000,tokens=2000000,USD=5.00,time=2h,reached=fail; or none.'
const RUN_HELP = 'Give it like actions=100,turns=20,tokens=200000,USD=0.50,time=10m,reached=fail.'
const USE_HELP = 'Give it like tokens=200000,USD=0.50,time=10m,reached=fail.'
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const
const COUNTS = new Set(['actions', 'tokens', 'turns', 'retries'])

/** A budget of a tenant or an agent as it is typed; undefined for `none`. */
export function budgetOf(text: string): PeriodBudget | undefined {
  if (text === 'none') return undefined
  const [per = '', ...terms] = text.split(',')
  const wrong = `--budget ${text} is no budget`
  if (terms.length === 0) throw usageError(wrong, HELP)
  return read(PeriodBudget, [{ text: per, says: { per } }, ...terms.map(termOf)], wrong, HELP)
}

/** A run's own budget as it is typed. */
export const runBudgetOf = (text: string): Budget =>
  read(Budget, text.split(',').map(termOf), `--budget ${text} is no budget of a run`, RUN_HELP)

/** What a run may use altogether from now on as it is typed. */
export const newUseLimitsOf = (text: string): NewUseLimits =>
  read(
    NewUseLimits,
    text.split(',').map(termOf),
    `--budget ${text} is nothing that can be set of a run that goes on`,
    USE_HELP,
  )

interface Term {
  text: string
  says: object
}

/** Of two terms about the same, such as two currencies, one would be lost. */
function read<T>(schema: z.ZodType<T>, terms: readonly Term[], wrong: string, help: string): T {
  const names = terms.flatMap(({ says }) => Object.keys(says))
  const again = terms.find((_, at) => names.indexOf(names[at] ?? '') < at)
  if (again) throw usageError(`${wrong}: ${again.text} is one too many`, help)
  const read = schema.safeParse(Object.assign({}, ...terms.map(({ says }) => says)))
  if (read.success) return read.data
  const [issue] = read.error.issues
  const about = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0]
  const term = about === undefined ? undefined : terms.find(({ says }) => Object.hasOwn(says, about))
  throw usageError(term && term.text !== '' ? `${wrong}: ${term.text} can't be` : wrong, help)
}

function termOf(text: string): Term {
  const [, name = '', value = ''] = /^([A-Za-z]+)=(.+)$/.exec(text) ?? []
  return { text, says: saidBy(name, value) }
}

function saidBy(name: string, value: string): object {
  if (name === 'reached') return { onReached: value }
  if (COUNTS.has(name)) return { [name]: /^\d+$/.test(value) ? Number(value) : Number.NaN }
  if (name === 'time') {
    const [, count, unit] = /^(\d+)([smh])$/.exec(value) ?? []
    return { timeMs: Number(count) * UNIT_MS[(unit ?? 's') as keyof typeof UNIT_MS] }
  }
  const [, whole, part = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(value) ?? []
  return { money: { currency: name, micros: Number(`${whole}${part.padEnd(6, '0')}`) } }
}
