import { type AgentRun, RunState } from '@azora/contracts'
import { type Command, Option } from 'commander'
import { EXIT } from '../../exit.ts'
import { countOf } from '../../inputs.ts'
import { stateText } from '../../live/tree.ts'
import type { Style } from '../../output/style.ts'
import { duration, table, time } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'

interface ListOptions {
  state?: RunState
  agent?: string
  since?: string
  until?: string
  order: 'newest' | 'oldest'
  limit: string
  cursor?: string
}

const EXAMPLES = `
Examples:
  $ azora run list
  $ azora run list --state awaiting_review
  $ azora run list --state fail --since 2030-01-31T00:00:00Z --order oldest
  $ azora run list --agent repo-steward --limit 5 --json | jq '.items[].id'`

export const addList: AddCommand = (parent, shell) => {
  parent
    .command('list')
    .description('list runs')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(RunState.options))
    .option('--agent <agent>', 'only runs of this agent')
    .option('--since <time>', 'only runs created at this time in UTC or later, such as 2030-01-31T12:00:00Z')
    .option('--until <time>', 'only runs created before this time')
    .addOption(new Option('--order <order>', 'by creation').choices(['newest', 'oldest']).default('newest'))
    .option('--limit <n>', 'runs to show, up to 200', '50')
    .option('--cursor <cursor>', 'go on where the last page ended')
    .addHelpText('after', EXAMPLES)
    .action(async ({ state, agent, since, until, order, limit, cursor }: ListOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const page = await (await client()).runs({
          limit: countOf(limit, '--limit', 200),
          ...(order === 'newest' ? {} : { order }),
          ...(since === undefined ? {} : { since }),
          ...(until === undefined ? {} : { until }),
          ...(state === undefined ? {} : { state }),
          ...(agent === undefined ? {} : { agentId: agent }),
          ...(cursor === undefined ? {} : { cursor }),
        })
        screen.show(page, () => listText(screen.style, page.items, page.next))
        return EXIT.ok
      })
    })
}

export function listText(style: Style, runs: readonly AgentRun[], next: string | undefined): string {
  if (runs.length === 0) return style.quiet('no runs')
  const rows = runs.map((run) => [run.id, run.agentId, stateText(run.state, style), time(run.createdAt), tookText(run)])
  const text = table(style, ['run', 'agent', 'state', 'created (UTC)', 'took'], rows)
  return next === undefined ? text : `${text}\n${style.quiet(`more: --cursor ${next}`)}`
}

const tookText = ({ startedAt, finishedAt }: AgentRun): string =>
  startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : ''
