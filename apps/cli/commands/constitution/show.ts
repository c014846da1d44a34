import type { ArticleView, ConstitutionView } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT } from '../../exit.ts'
import { printable, type Style } from '../../output/style.ts'
import { facts, table } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'

const EXAMPLES = `
Examples:
  $ azora constitution show
  $ azora constitution show --article 4
  $ azora constitution show --json | jq .digest`

export const addShow: AddCommand = (parent, shell) => {
  parent
    .command('show')
    .option('--article <number>', 'one article: why it is there, and its text')
    .description('show the law in force on the server')
    .addHelpText('after', EXAMPLES)
    .action(async ({ article }: { article?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const view = await api.constitution()
        if (article === undefined) {
          screen.show(view, () => viewText(screen.style, view))
          return EXIT.ok
        }
        const articles = view.articles.filter((candidate) => candidate.article === article)
        if (articles.length === 0) {
          const remedy = 'See azora constitution show.'
          throw new CliError(EXIT.missing, 'article_not_found', `the law has no article ${article}`, remedy)
        }
        const reason = await reasonFor(api, view, article)
        screen.show({ article, reason, policies: articles }, () => articleText(screen.style, articles, reason))
        return EXIT.ok
      })
    })
}

/** The article's section of CONSTITUTION.md; undefined when it has none. */
async function reasonFor(api: Client, { digest }: ConstitutionView, article: string): Promise<string | undefined> {
  if (digest === undefined) return undefined
  const files = await api.constitutionFiles(digest)
  const text = files.find(({ name }) => name === 'CONSTITUTION.md')?.text ?? ''
  return text.split(/^(?=## )/m).find((section) => section.startsWith(`## Article ${article} `))
}

export function viewText(style: Style, view: ConstitutionView): string {
  const { digest, sequence, since, by, key, withoutCases, problem, articles, thresholds, folderDiffers } = view
  const head = facts(style, [
    ['law', digest === undefined ? style.bad('none') : style.strong(digest)],
    ['activation', `number ${sequence}${withoutCases ? style.heed(', its cases were not tried') : ''}`],
    ['since', since],
    ['by', by === undefined ? undefined : printable(by)],
    ['key', key],
    ['thresholds', thresholds === undefined ? undefined : JSON.stringify(thresholds)],
    ['problem', problem === undefined ? undefined : style.bad(printable(`everything is denied: ${problem}`))],
    ['note', folderDiffers === undefined ? undefined : style.heed(printable(folderDiffers))],
  ])
  if (articles.length === 0) return head
  const rows = articles.map(({ article, rule, effect, severity, title }) => [
    article,
    rule,
    effect,
    effect === 'permit' ? '' : severity,
    printable(title),
  ])
  return `${head}\n\n${table(style, ['article', 'rule', 'effect', 'severity', 'title'], rows)}`
}

function articleText(style: Style, articles: readonly ArticleView[], reason: string | undefined): string {
  const why = reason === undefined ? style.quiet('CONSTITUTION.md does not explain it.') : printable(reason).trim()
  return [why, ...articles.map(({ text }) => printable(text).trim())].join('\n\n')
}
