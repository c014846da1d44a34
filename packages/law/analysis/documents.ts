import { readCases } from '../cases/read.ts'
import type { LawFile } from '../law/files.ts'
import { EXPLANATION } from '../law/folder.ts'
import type { Conditions } from './conditions.ts'
import type { LawFinding } from './finding.ts'
import { sectionsOf } from './sections.ts'

/** Whether the law is explained and has examples. Throws `cases_invalid`. */
export function documents(files: readonly LawFile[], policies: readonly Conditions[]): LawFinding[] {
  return [...sections(files, policies), ...examples(files, policies), ...titles(policies)]
}

/** Article 0 is built in: it has a section and no file. */
const BUILT_IN = '0'

function sections(files: readonly LawFile[], policies: readonly Conditions[]): LawFinding[] {
  const explained = sectionsOf(files.find(({ name }) => name === EXPLANATION)?.text ?? '').map(({ article }) => article)
  const missing = firstOfEach(policies).filter(({ policy }) => !explained.includes(policy.article))
  const numbers = new Set([BUILT_IN, ...policies.map(({ policy }) => policy.article)])
  return [
    ...missing.map(({ policy: { article }, file }) => ({
      kind: 'no_section' as const,
      severity: 'error' as const,
      file,
      message: `${EXPLANATION} has no section "## Article ${article} — …" that says why.`,
    })),
    ...explained
      .filter((article, at) => !numbers.has(article) || explained.indexOf(article) !== at)
      .map((article) => ({
        kind: 'no_article' as const,
        severity: 'error' as const,
        file: EXPLANATION,
        message: numbers.has(article)
          ? `There are two sections about Article ${article}.`
          : `There is a section about Article ${article}, but no such article.`,
      })),
  ]
}

function examples(files: readonly LawFile[], policies: readonly Conditions[]): LawFinding[] {
  const set = readCases(files)
  const articles = new Set(set.files.map(({ article }) => article))
  const named = new Set(set.files.flatMap(({ cases }) => cases.flatMap(({ expect }) => expect.rules)))
  const about = { kind: 'no_case', severity: 'error' } as const
  return [
    ...firstOfEach(policies)
      .filter(({ policy }) => !articles.has(policy.article))
      .map(({ policy: { article }, file }) => ({
        ...about,
        file,
        message: `No file in cases/ is about Article ${article}.`,
      })),
    ...policies
      .filter(({ policy }) => policy.effect === 'forbid' && !named.has(policy.rule))
      .map(({ policy: { rule }, file }) => ({ ...about, policy: rule, file, message: 'No case names it.' })),
  ]
}

function titles(policies: readonly Conditions[]): LawFinding[] {
  const first = new Map<string, string>()
  return policies.flatMap(({ policy: { title, rule }, file }) => {
    const key = title.toLowerCase().replace(/\W+/g, ' ').trim()
    const other = first.get(key)
    if (other === undefined) first.set(key, rule)
    const message = `It has the same title as ${other}, so people can't tell them apart.`
    return other === undefined ? [] : [{ kind: 'duplicate_title', severity: 'warning', policy: rule, file, message }]
  })
}

const firstOfEach = (policies: readonly Conditions[]): Conditions[] =>
  policies.filter(({ policy }, at) => policies.findIndex((other) => other.policy.article === policy.article) === at)
