import type { Command } from 'commander'
import { runIdOf } from '../../inputs.ts'
import { watchToEnd } from '../../live/watch.ts'
import type { AddCommand } from '../../shell.ts'

const EXAMPLES = `
Examples:
  $ azora run watch RUN
  $ azora run watch RUN --json | jq -c '[.header.index, .header.kind]'

Shows the run from its first entry until it ends; Ctrl-C stops the watching, not the run.
With --json each entry of the journal is one line.`

export const addWatch: AddCommand = (parent, shell) => {
  parent
    .command('watch')
    .argument('<run>', 'id of the run')
    .description('show a run while it happens')
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const id = runIdOf(runId)
        const api = await client()
        // The stream would only say that it can't be had; this says why.
        await api.run(id)
        return watchToEnd(api, screen, id)
      })
    })
}
