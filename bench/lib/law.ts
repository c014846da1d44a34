import { readFileSync } from 'node:fs'
import type { LawFile } from '@azora/law'

const CONSTITUTION = new URL('../../constitution/', import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name, CONSTITUTION), 'utf8')

export interface MadeUpLaw {
  files: LawFile[]
  /** Cedar texts by rule. */
  policies: Record<string, string>
}

const FORBID = 'forbid (principal, action in Action::"act", resource)'

/** How often each kind of article comes up among a hundred. */
const MIXTURE: ReadonlyArray<[share: number, policy: (at: number) => string]> = [
  [50, (at) => `${FORBID} when { context.findings.contains("finding_${at}") };`],
  [20, (at) => `forbid (principal, action, resource == Skill::"skill-${at}") when { context.hostCount > ${at % 7} };`],
  [6, (at) => `${FORBID} when { principal is Agent && principal.name == "agent-${at}" && !context.withinScope };`],
  [4, (at) => `forbid (principal in Tenant::"tenant-${at}", action in Action::"stateful", resource);`],
  [14, (at) => `${FORBID} when { context.run.deniedInARow >= ${20 + at} && context.writes > 3 };`],
  [
    4,
    (at) => `${FORBID} when { context.hosts.contains("host-${at}.example") || context.run.failedInARow > ${90 + at} };`,
  ],
  // Only Cedar can tell.
  [
    1,
    (at) =>
      `forbid (principal, action == Action::"external", resource) when { context.run.actions + ${at} > 9000000 };`,
  ],
  [
    1,
    (at) =>
      `forbid (principal, action == Action::"write", resource) when { context.run.actions * 2 + ${at} > 9000000 };`,
  ],
]

/** What the permit asks: a word of the context, or a sum that only Cedar can tell and that is another for each request. */
export const PERMITS = {
  plain: 'context.withinScope',
  opaque: 'context.withinScope && context.run.actions + 1 > 0',
}

/** One permit and, beside it, forbids of the mixture. */
export function lawOf(articles: number, permit: string): MadeUpLaw {
  const policies: Record<string, string> = {
    permitted: `permit (principal, action in Action::"act", resource) when { ${permit} };`,
  }
  const kinds = spread()
  for (let at = 0; at < articles - 1; at += 1)
    policies[`rule_${at}`] = (kinds[at % kinds.length] ?? MIXTURE[0]?.[1] ?? (() => FORBID))(at)
  const files = Object.entries(policies).map(([rule, text], at) => ({
    name: `articles/${String(at).padStart(4, '0')}.cedar`,
    text: `@id("${rule}")\n@article("${at + 1}")\n@title("Made up")\n@severity("CRITICAL")\n@remedy("None.")\n${text}`,
  }))
  const rest = ['schema.cedarschema', 'thresholds.json'].map((name) => ({ name, text: textOf(name) }))
  return { files: [...files, ...rest], policies }
}

/** A hundred kinds in a fixed order in which no kind comes in one block. */
function spread(): Array<(at: number) => string> {
  const kinds = MIXTURE.flatMap(([share, policy]) => Array.from({ length: share }, () => policy))
  return kinds.map((_, at) => kinds[(at * 37) % kinds.length] ?? (() => ''))
}
