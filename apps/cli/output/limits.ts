import type { AdmissionLimitsView, TenantLimits } from '@azora/contracts'
import type { Style } from './style.ts'
import { table } from './text.ts'

/** The limits by which runs are accepted and admitted. */
export function limitsText(style: Style, { limits, by, since }: AdmissionLimitsView): string {
  const { agents, skills, tenants, everyTenant, queue, agingSeconds } = limits
  const rows = [
    tenantRow('every tenant', everyTenant),
    ...Object.entries(tenants).map(([name, own]) => tenantRow(`tenant ${name}`, own)),
    ...Object.entries(agents).map(([name, { concurrency }]) => [`agent ${name}`, '', text(concurrency), '', '']),
    ...Object.entries(skills).map(([name, { concurrency }]) => [`skill ${name}`, '', String(concurrency), '', '']),
  ]
  return [
    table(style, ['of', 'weight', 'at one time', 'may wait', 'rate'], rows),
    style.quiet(`${queue} may wait in all; one priority higher after ${agingSeconds} s`),
    style.quiet(by === undefined ? 'nobody has set them' : `set by ${by} at ${since}`),
  ].join('\n')
}

function tenantRow(name: string, { weight, concurrency, queue, rate }: TenantLimits): string[] {
  const rateText = rate ? `${rate.runs} in ${rate.seconds} s, ${rate.burst} at once` : ''
  return [name, text(weight), text(concurrency), text(queue), rateText]
}

const text = (count: number | undefined): string => (count === undefined ? '' : String(count))
