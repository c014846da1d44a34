import type { ArticleView, ConstitutionFiles } from '@azora/contracts'
import { printable, type Style } from '../../output/style.ts'
import { plural } from '../../output/text.ts'
import type { Draft } from './draft.ts'

type Titled = Pick<ArticleView, 'article' | 'rule' | 'title' | 'text'>

/** What a draft changes in the law in force. */
export interface Difference {
  added: Titled[]
  removed: Titled[]
  changed: Titled[]
  /** Names of other files that are new, gone or different. */
  files: string[]
}

/** @param before the law in force with its files, as far as they are known */
export function differenceOf(
  before: { articles: readonly Titled[]; files: ConstitutionFiles },
  after: Pick<Draft, 'policies' | 'files'>,
): Difference {
  const old = new Map(before.articles.map((article) => [article.rule, article]))
  const kept = new Set(after.policies.map(({ rule }) => rule))
  return {
    added: after.policies.filter(({ rule }) => !old.has(rule)),
    removed: before.articles.filter(({ rule }) => !kept.has(rule)),
    changed: after.policies.filter(({ rule, text }) => old.has(rule) && old.get(rule)?.text !== text),
    files: filesThatDiffer(before.files, after.files),
  }
}

function filesThatDiffer(before: ConstitutionFiles, after: ConstitutionFiles): string[] {
  const textsOf = (files: ConstitutionFiles) => new Map(files.map(({ name, text }) => [name, text]))
  const old = textsOf(before)
  const young = textsOf(after)
  return [...new Set([...old.keys(), ...young.keys()])]
    .filter((name) => !name.startsWith('articles/') && old.get(name) !== young.get(name))
    .sort()
}

export function differenceText(style: Style, { added, removed, changed, files }: Difference): string {
  const lines = (mark: string, articles: readonly Titled[]): string[] =>
    articles.map(({ article, rule, title }) =>
      printable(`${mark} Article ${article}: ${title} ${style.quiet(`(${rule})`)}`),
    )
  const others = files.filter((name) => !name.startsWith('cases/'))
  const cases = files.length - others.length
  const all = [
    ...lines(style.good('+'), added),
    ...lines(style.bad('-'), removed),
    ...lines(style.heed('~'), changed),
    ...others.map((name) => `${style.heed('~')} ${printable(name)}`),
    ...(cases === 0 ? [] : [`${style.heed('~')} ${plural(cases, 'file')} of cases`]),
  ]
  return all.length === 0 ? 'no policy and no file changes' : all.join('\n')
}
