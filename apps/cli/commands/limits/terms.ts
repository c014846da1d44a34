import { type AcceptRate, AdmissionLimits, type AgentLimits, Name, Tenant, type TenantLimits } from '@azora/contracts'
import { budgetOf } from '../../budget-terms.ts'
import { usageError } from '../../exit.ts'
import { countOf } from '../../inputs.ts'

/** Options that say what is set, and of whom. */
export interface SetOptions {
  tenant?: string
  everyTenant?: boolean
  agent?: string
  skill?: string
  weight?: string
  concurrency?: string
  queue?: string
  rate?: string
  burst?: string
  aging?: string
  budget?: string
}

type Change<T> = (before: T) => T

const OF_TENANTS = ['weight', 'concurrency', 'queue', 'rate', 'burst', 'budget']
const SUBJECTS = new Set(['tenant', 'everyTenant', 'agent', 'skill'])
const CONCURRENCY_MAX = 100_000
const QUEUE_MAX = 10_000_000
const RUNS_MAX = 1_000_000
const DAY_SECONDS = 86_400

/** From the limits in force to those that the options ask for. Throws what can be found wrong without knowing the former. */
export function changeOf(options: SetOptions): Change<AdmissionLimits> {
  const { tenant, everyTenant, agent, skill } = options
  const subjects = [tenant, everyTenant, agent, skill].filter((subject) => subject !== undefined)
  if (subjects.length > 1) throw usageError('name one of --tenant, --every-tenant, --agent and --skill')
  const given = Object.keys(options).filter((name) => !SUBJECTS.has(name))
  if (given.length === 0) throw usageError('say what to set', 'See azora limits set --help.')
  if (tenant !== undefined) {
    allow(given, OF_TENANTS)
    const name = named(Tenant, tenant, '--tenant')
    const change = tenantChange(options)
    return (limits) => ({ ...limits, tenants: put(limits.tenants, name, filled(change(limits.tenants[name] ?? {}))) })
  }
  if (everyTenant) {
    allow(given, OF_TENANTS)
    const change = tenantChange(options)
    return (limits) => ({ ...limits, everyTenant: change(limits.everyTenant) })
  }
  if (agent !== undefined) {
    allow(given, ['concurrency', 'budget'])
    const name = named(Name, agent, '--agent')
    const change = agentChange(options)
    return (limits) => ({ ...limits, agents: put(limits.agents, name, filled(change(limits.agents[name] ?? {}))) })
  }
  if (skill !== undefined) {
    allow(given, ['concurrency'])
    const name = named(Name, skill, '--skill')
    const concurrency = numberOf(options.concurrency, '--concurrency', CONCURRENCY_MAX)
    return (limits) => ({
      ...limits,
      skills: put(limits.skills, name, concurrency === undefined ? undefined : { concurrency }),
    })
  }
  allow(given, ['queue', 'aging'])
  const all = {
    ...(options.queue !== undefined && { queue: numberOf(options.queue, '--queue', QUEUE_MAX) }),
    ...(options.aging !== undefined && { agingSeconds: numberOf(options.aging, '--aging', DAY_SECONDS) }),
  }
  return (limits) => AdmissionLimits.parse({ ...limits, ...all })
}

function allow(given: readonly string[], names: readonly string[]): void {
  const other = given.find((name) => !names.includes(name))
  if (other) throw usageError(`--${other} can't be set there`, 'See azora limits set --help.')
}

function named(schema: { safeParse(name: string): { success: boolean } }, name: string, flag: string): string {
  if (schema.safeParse(name).success) return name
  throw usageError(`${flag} can't be ${name}`)
}

function tenantChange(options: SetOptions): Change<TenantLimits> {
  const { weight, concurrency, queue, rate, burst } = options
  const set = {
    ...(weight !== undefined && { weight: numberOf(weight, '--weight', 1_000) }),
    ...(concurrency !== undefined && { concurrency: numberOf(concurrency, '--concurrency', CONCURRENCY_MAX) }),
    ...(queue !== undefined && { queue: numberOf(queue, '--queue', QUEUE_MAX) }),
    ...(options.budget !== undefined && { budget: budgetOf(options.budget) }),
  }
  const rates = (rate ?? burst) === undefined ? undefined : rateChange(rate, burst)
  return (before) => defined({ ...before, ...set, ...(rates && { rate: rates(before.rate) }) })
}

function agentChange({ concurrency, budget }: SetOptions): Change<AgentLimits> {
  const set = {
    ...(concurrency !== undefined && { concurrency: numberOf(concurrency, '--concurrency', CONCURRENCY_MAX) }),
    ...(budget !== undefined && { budget: budgetOf(budget) }),
  }
  return (before) => defined({ ...before, ...set })
}

const defined = (all: object): object =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))

/** A burst alone changes that of the rate in force. */
function rateChange(rate: string | undefined, burst: string | undefined): Change<AcceptRate | undefined> {
  const most = burst === undefined ? undefined : countOf(burst, '--burst', RUNS_MAX, 1)
  const spoken = rate === undefined || rate === 'none' ? undefined : rateIn(rate)
  return (before) => {
    const base = spoken ?? (rate === 'none' ? undefined : before)
    if (base) return { ...base, burst: most ?? base.runs }
    if (most === undefined) return undefined
    throw usageError('--burst needs a --rate')
  }
}

function rateIn(rate: string): Omit<AcceptRate, 'burst'> {
  const [, runs, count, unit] = /^(\d+)\/(\d*)([smh])$/.exec(rate) ?? []
  if (runs === undefined) throw usageError(`--rate ${rate} is no rate`, 'Give it like 100/1s, 30/m or 5/12h.')
  const seconds = countOf(count || '1', '--rate', DAY_SECONDS, 1) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS]
  if (seconds > DAY_SECONDS) throw usageError(`--rate ${rate} counts over more than a day`)
  return { runs: countOf(runs, '--rate', RUNS_MAX, 1), seconds }
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600 } as const

function numberOf(given: string | undefined, flag: string, most: number): number | undefined {
  return given === undefined || given === 'none' ? undefined : countOf(given, flag, most, 1)
}

const filled = <T extends object>(own: T): T | undefined => (Object.keys(own).length > 0 ? own : undefined)

function put<T>(all: Record<string, T>, name: string, own: T | undefined): Record<string, T> {
  const { [name]: _before, ...others } = all
  return own === undefined ? others : { ...others, [name]: own }
}
