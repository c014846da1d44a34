import type { Severity } from '@azora/contracts'
import type { LawFile } from '../law/files.ts'

/** A policy of a made-up law. */
export interface MadeUp {
  rule: string
  effect?: 'permit' | 'forbid'
  severity?: Severity
  article?: string
  title?: string
  /** Cedar's head between the parentheses. */
  scope?: string
  /** What follows the head. */
  when?: string
}

const ANY = 'principal, action, resource'

const policyText = (policy: MadeUp): string => {
  const { rule, effect = 'forbid', severity = 'CRITICAL', article = '1', title = rule, scope = ANY, when } = policy
  const annotations = Object.entries({ id: rule, article, title, severity, remedy: 'None.' })
  const head = annotations.map(([name, value]) => `@${name}(${JSON.stringify(value)})`).join('\n')
  return `${head}\n${effect} (${scope})${when === undefined ? '' : ` when { ${when} }`};\n`
}

/** The policies as files, one for each article. */
export function articleFiles(policies: readonly MadeUp[]): LawFile[] {
  const byArticle = Map.groupBy(policies, ({ article = '1' }) => article)
  return [...byArticle].map(([article, own]) => ({
    name: `articles/${article.padStart(2, '0')}-made-up.cedar`,
    text: own.map(policyText).join('\n'),
  }))
}
