import type { AdmissionLimitsView, TenantLimits } from '@azora/contracts'
import type { Style } from '../../output/style.ts'
import { table } from '../../output/text.ts'

/** The limits by which runs are accepted and admitted. */
export function limitsText(style: Style, { limits, by, since }: AdmissionLimitsView): string {
  const { agents, skills, tenants, everyTenant, queue, agingSeconds } = limits
  const rows = [
    tenantRow('every tenant', everyTenant),
    ...sorted(tenants).map(([name, own]) => tenantRow(`tenant ${name}`, own)),
    ...sorted(agents).map(([name, { concurrency }]) => [`agent ${name}`, '', text(concurrency), '', '']),
    ...sorted(skills).map(([name, { concurrency }]) => [`skill ${name}`, '', String(concurrency), '', '']),
  ]
  return [
    table(style, ['of', 'weight', 'at one time', 'may wait', 'rate'], rows),
    style.quiet(`${queue} may wait in all; one priority higher after ${agingSeconds} s`),
    style.quiet(by === undefined ? 'nobody has set them' : `set by ${by} at ${since}`),
  ].join('\n')
}

/** By name: the order of what is kept is that of the last changes. */
const sorted = <T>(all: Record<string, T>): Array<[string, T]> =>
  Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))

function tenantRow(name: string, { weight, concurrency, queue, rate }: TenantLimits): string[] {
  const rateText = rate ? `${rate.runs} in ${rate.seconds} s, ${rate.burst} at once` : ''
  return [name, text(weight), text(concurrency), text(queue), rateText]
}

const text = (count: number | undefined): string => (count === undefined ? '' : String(count))
