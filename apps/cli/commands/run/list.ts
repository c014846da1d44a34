import { type AgentRun, ListRunsQuery, RunState } from '@azora/contracts'
import { type Command, Option } from 'commander'
import { EXIT } from '../../exit.ts'
import { stateText } from '../../live/tree.ts'
import type { Style } from '../../output/style.ts'
import { duration, table, time } from '../../output/text.ts'
import { type PageOptions, pageQuery, withNext, withPageOptions } from '../../pages.ts'
import type { AddCommand } from '../../shell.ts'

interface ListOptions extends PageOptions {
  state?: RunState
  agent?: string
}

const EXAMPLES = `
Examples:
  $ azora run list
  $ azora run list --state awaiting_review
  $ azora run list --state fail --since 7d --order oldest
  $ azora run list --agent repo-steward --limit 5 --json | jq '.items[].id'`

export const addList: AddCommand = (parent, shell) => {
  const command = parent
    .command('list')
    .description('list runs')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(RunState.options))
    .option('--agent <agent>', 'only runs of this agent')
  withPageOptions(command, { things: 'runs', done: 'created', by: 'by creation' })
    .addHelpText('after', EXAMPLES)
    .action(async ({ state, agent, ...options }: ListOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const query = {
          ...pageQuery(options, ListRunsQuery.shape.cursor, Date.now()),
          ...(state === undefined ? {} : { state }),
          ...(agent === undefined ? {} : { agentId: agent }),
        }
        const page = await (await client()).runs(query)
        screen.show(page, () => listText(screen.style, page.items, page.next))
        return EXIT.ok
      })
    })
}

export function listText(style: Style, runs: readonly AgentRun[], next: string | undefined): string {
  if (runs.length === 0) return style.quiet('no runs')
  const rows = runs.map((run) => [run.id, run.agentId, stateText(run.state, style), time(run.createdAt), tookText(run)])
  return withNext(style, table(style, ['run', 'agent', 'state', 'created (UTC)', 'took'], rows), next)
}

const tookText = ({ startedAt, finishedAt }: AgentRun): string =>
  startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : ''
