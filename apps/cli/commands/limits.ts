import { type AcceptRate, AdmissionLimits, type AgentLimits, Name, Tenant, type TenantLimits } from '@azora/contracts'
import type { Command } from 'commander'
import { budgetOf } from '../budget-terms.ts'
import { EXIT, usageError } from '../exit.ts'
import { countOf } from '../inputs.ts'
import { budgetsText } from '../output/budgets.ts'
import { limitsText } from '../output/limits.ts'
import type { AddCommand } from '../shell.ts'

interface SetOptions {
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

const EXAMPLES = `
Examples:
  $ azora limits show
  $ azora limits set --tenant acme --weight 3 --concurrency 20
  $ azora limits set --every-tenant --rate 100/1s --burst 500 --queue 50000
  $ azora limits set --agent repo-steward --concurrency 4
  $ azora limits set --skill git.clone --concurrency 2
  $ azora limits set --queue 2000000 --aging 60
  $ azora limits set --tenant acme --rate none
  $ azora limits set --agent repo-steward --budget day,actions=1000,tokens=2000000,USD=5.00
  $ azora limits set --tenant acme --budget month,time=20h,reached=fail`

export const addLimits: AddCommand = (parent, shell) => {
  const limits = parent
    .command('limits')
    .description('say how runs are accepted and admitted')
    .addHelpText('after', EXAMPLES)
  limits
    .command('show')
    .description('show the limits in force')
    .addHelpText('after', '\nExamples:\n  $ azora limits show --json')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const view = await api.limits()
        const { budgets } = await api.budgets()
        screen.show(
          { ...view, budgets },
          () => `${limitsText(screen.style, view)}${budgetsText(screen.style, budgets)}`,
        )
        return EXIT.ok
      })
    })
  limits
    .command('set')
    .option('--tenant <tenant>', 'for this tenant')
    .option('--every-tenant', 'for every tenant that has none of its own')
    .option('--agent <agent>', 'for the runs of this agent')
    .option('--skill <skill>', 'for runs that perform this skill without an agent')
    .option('--weight <n>', "a tenant's share while others wait too")
    .option('--concurrency <n>', 'runs that are carried forward at one time')
    .option('--queue <n>', 'runs that wait to start; without --tenant and --every-tenant, of all together')
    .option('--rate <runs/time>', 'runs that a tenant may start, such as 100/1s')
    .option('--burst <n>', 'runs at once after a quiet time (default: as in --rate)')
    .option('--aging <seconds>', 'a run that has waited so long counts as one priority higher')
    .option('--budget <terms>', 'what actions may use in a day, a month or in total, such as day,actions=1000')
    .description('put other limits in force; none takes one away')
    .addHelpText('after', EXAMPLES)
    .action(async (options: SetOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const { limits: before, index } = await api.limits()
        const view = await api.setLimits({
          limits: changed(before, options),
          ...(index !== undefined && { replaces: index }),
        })
        screen.show(view, () => limitsText(screen.style, view))
        return EXIT.ok
      })
    })
}

/** The limits with what the options say. */
export function changed(limits: AdmissionLimits, options: SetOptions): AdmissionLimits {
  const { tenant, everyTenant, agent, skill } = options
  const subjects = [tenant, everyTenant, agent, skill].filter((subject) => subject !== undefined)
  if (subjects.length > 1) throw usageError('name one of --tenant, --every-tenant, --agent and --skill')
  const given = Object.keys(options).filter((name) => !SUBJECTS.has(name))
  if (given.length === 0) throw usageError('say what to set', 'See azora limits set --help.')
  if (tenant !== undefined) {
    allow(given, OF_TENANTS)
    const name = named(Tenant, tenant, '--tenant')
    return { ...limits, tenants: put(limits.tenants, name, filled(tenantLimits(limits.tenants[name] ?? {}, options))) }
  }
  if (everyTenant) {
    allow(given, OF_TENANTS)
    return { ...limits, everyTenant: tenantLimits(limits.everyTenant, options) }
  }
  if (agent !== undefined) {
    allow(given, ['concurrency', 'budget'])
    const name = named(Name, agent, '--agent')
    return { ...limits, agents: put(limits.agents, name, filled(agentLimits(limits.agents[name] ?? {}, options))) }
  }
  if (skill !== undefined) {
    allow(given, ['concurrency'])
    const concurrency = numberOf(options.concurrency, '--concurrency', CONCURRENCY_MAX)
    const own = concurrency === undefined ? undefined : { concurrency }
    return { ...limits, skills: put(limits.skills, named(Name, skill, '--skill'), own) }
  }
  allow(given, ['queue', 'aging'])
  return AdmissionLimits.parse({
    ...limits,
    ...(options.queue !== undefined && { queue: numberOf(options.queue, '--queue', QUEUE_MAX) }),
    ...(options.aging !== undefined && { agingSeconds: numberOf(options.aging, '--aging', DAY_SECONDS) }),
  })
}

const OF_TENANTS = ['weight', 'concurrency', 'queue', 'rate', 'burst', 'budget']
const SUBJECTS = new Set(['tenant', 'everyTenant', 'agent', 'skill'])
const CONCURRENCY_MAX = 100_000
const QUEUE_MAX = 10_000_000
const RUNS_MAX = 1_000_000
const DAY_SECONDS = 86_400

function allow(given: readonly string[], names: readonly string[]): void {
  const other = given.find((name) => !names.includes(name))
  if (other) throw usageError(`--${other} can't be set there`, 'See azora limits set --help.')
}

function named(schema: { safeParse(name: string): { success: boolean } }, name: string, flag: string): string {
  if (schema.safeParse(name).success) return name
  throw usageError(`${flag} can't be ${name}`)
}

function tenantLimits(before: TenantLimits, options: SetOptions): TenantLimits {
  const { weight, concurrency, queue, rate, burst } = options
  const all: { [K in keyof TenantLimits]: TenantLimits[K] | undefined } = {
    ...before,
    ...(weight !== undefined && { weight: numberOf(weight, '--weight', 1_000) }),
    ...(concurrency !== undefined && { concurrency: numberOf(concurrency, '--concurrency', CONCURRENCY_MAX) }),
    ...(queue !== undefined && { queue: numberOf(queue, '--queue', QUEUE_MAX) }),
    ...((rate ?? burst) !== undefined && { rate: rateOf(before.rate, rate, burst) }),
    ...(options.budget !== undefined && { budget: budgetOf(options.budget) }),
  }
  return defined(all)
}

function agentLimits(before: AgentLimits, { concurrency, budget }: SetOptions): AgentLimits {
  const all = {
    ...before,
    ...(concurrency !== undefined && { concurrency: numberOf(concurrency, '--concurrency', CONCURRENCY_MAX) }),
    ...(budget !== undefined && { budget: budgetOf(budget) }),
  }
  return defined(all)
}

const defined = (all: object): object =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))

function rateOf(before: AcceptRate | undefined, rate: string | undefined, burst: string | undefined) {
  if (rate === 'none') return undefined
  const match = rate === undefined ? undefined : /^(\d+)\/(\d*)([smh])$/.exec(rate)
  if (match === null) throw usageError(`--rate ${rate} is no rate`, 'Give it like 100/1s, 30/m or 5/12h.')
  const spoken = match && {
    runs: positive(match[1] ?? '', '--rate', RUNS_MAX),
    seconds: positive(match[2] || '1', '--rate', DAY_SECONDS) * UNIT_SECONDS[match[3] as keyof typeof UNIT_SECONDS],
  }
  const base = spoken ?? before
  if (!base) throw usageError('--burst needs a --rate')
  if (base.seconds > DAY_SECONDS) throw usageError(`--rate ${rate} counts over more than a day`)
  const most = burst === undefined ? base.runs : positive(burst, '--burst', RUNS_MAX)
  return { runs: base.runs, seconds: base.seconds, burst: most }
}

const UNIT_SECONDS = { s: 1, m: 60, h: 3_600 } as const

function numberOf(given: string | undefined, flag: string, most: number): number | undefined {
  return given === undefined || given === 'none' ? undefined : positive(given, flag, most)
}

function positive(given: string, flag: string, most: number): number {
  const count = countOf(given, flag, most)
  if (count > 0) return count
  throw usageError(`${flag} must be at least 1`)
}

const filled = <T extends object>(own: T): T | undefined => (Object.keys(own).length > 0 ? own : undefined)

function put<T>(all: Record<string, T>, name: string, own: T | undefined): Record<string, T> {
  const { [name]: _before, ...others } = all
  return own === undefined ? others : { ...others, [name]: own }
}
