import type { BacktestExample, BacktestResult, Reason } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { countOf } from '../../inputs.ts'
import { interruption } from '../../interruption.ts'
import { createProgress } from '../../output/progress.ts'
import { reasonText } from '../../output/reasons.ts'
import { printable, type Style } from '../../output/style.ts'
import { duration, facts, table } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'
import { pastOf } from '../../times.ts'
import { draftIn } from './draft.ts'

const EXAMPLES = `
Examples:
  $ azora constitution backtest draft
  $ azora constitution backtest draft --since 7d --examples 20
  $ azora constitution backtest draft --json | jq .changes

Every recorded request is judged again by the draft, on the server; nothing is done and nothing is recorded.`

const EXAMPLES_MAX = 200

export const addBacktest: AddCommand = (parent, shell) => {
  parent
    .command('backtest')
    .argument('<folder>', 'folder of the draft')
    .option('--since <time>', 'only what was judged since a date or within a duration, such as 2026-11-01 or 7d')
    .option('--examples <count>', 'changed verdicts to show', '10')
    .description('show what a draft would have decided otherwise')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, options: { since?: string; examples: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const examples = countOf(options.examples, '--examples', EXAMPLES_MAX)
        const since = options.since === undefined ? undefined : pastOf(options.since, '--since', Date.now())
        const [api, { files }] = await Promise.all([client(), draftIn(folder)])
        const progress = createProgress(screen)
        const interrupted = interruption()
        try {
          const result = await api.backtestConstitution(
            { files, examples, ...(since !== undefined && { since }) },
            {
              signal: interrupted.signal,
              onProgress: ({ position, size, judged }) =>
                progress.stage(
                  `${Math.floor((100 * position) / Math.max(1, size))} % — ${judged} verdicts judged again`,
                ),
            },
          )
          progress.done()
          screen.show(result, () => resultText(screen.style, result))
          return EXIT.ok
        } catch (error) {
          progress.done()
          if (interrupted.signal.aborted) return EXIT.interrupted
          throw error
        } finally {
          interrupted.dispose()
        }
      })
    })
}

interface Change {
  from: string
  to: string
  count: number
}

export function resultText(style: Style, result: BacktestResult): string {
  const { judged, skipped, unchanged, changes, byArticle, byAgent, bySkill, examples, durationMs } = result
  const head = facts(style, [
    ['judged', `${judged} in ${duration(durationMs)}`],
    ['skipped', skipped === 0 ? undefined : `${skipped}, recorded without what the verdict depended on`],
    ['unchanged', unchanged],
    ['changed', judged - unchanged],
  ])
  const named = <T extends Change>(heading: string, rows: readonly T[], nameOf: (row: T) => string): string[] =>
    rows.length === 0
      ? []
      : [
          changesTable(
            style,
            heading,
            rows.map((row) => [nameOf(row), row] as const),
          ),
        ]
  return [
    head,
    ...named('verdict', changes, () => 'all'),
    ...named('article', byArticle, ({ article }) => article),
    ...named('agent', byAgent, ({ agent }) => agent),
    ...named('skill', bySkill, ({ skill }) => skill),
    ...examples.map((example) => exampleText(style, example)),
  ].join('\n\n')
}

const changesTable = (style: Style, heading: string, rows: ReadonlyArray<readonly [string, Change]>): string =>
  table(
    style,
    [heading, 'was', 'would be', 'times'],
    rows.map(([name, { from, to, count }]) => [printable(name), from, to, String(count)]),
  )

function exampleText(style: Style, { run, step, skill, agent, at, from, to, before, after }: BacktestExample): string {
  const what = printable(skill === undefined ? 'the final output' : `${skill} (step ${step})`)
  const why = (reasons: readonly Reason[]): string => reasons.map((reason) => printable(reasonText(reason))).join('; ')
  return [
    `${style.strong(what)} ${style.quiet(`of ${printable(agent)}, run ${run ?? '?'}, ${at}`)}`,
    `  was ${from}${before.length === 0 ? '' : `: ${why(before)}`}`,
    `  would be ${to}${after.length === 0 ? '' : `: ${why(after)}`}`,
  ].join('\n')
}
