import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { interruption } from '../../interruption.ts'
import { printable } from '../../output/style.ts'
import type { AddCommand } from '../../shell.ts'

const EXAMPLES = `
Examples:
  $ azora run output RUN
  $ azora run output RUN --json | jq -r .text

Shows what the run's actions print from now on, until it ends. What they printed before is kept: azora artifact list RUN`

export const addOutput: AddCommand = (parent, shell) => {
  parent
    .command('output')
    .argument('<run>', 'id of the run')
    .description('show what its actions print, while they print it')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const interrupt = interruption()
        try {
          const api = await client()
          for await (const event of api.output(runIdOf(run), { signal: interrupt.signal })) {
            if (screen.json) screen.emit(event)
            else
              for (const line of event.text.replace(/\n$/, '').split('\n'))
                screen.say(`${screen.style.quiet(`${event.stepId} │`)} ${printable(line)}`)
          }
          return EXIT.ok
        } catch (thrown) {
          if (interrupt.signal.aborted) return EXIT.interrupted
          throw thrown
        } finally {
          interrupt.dispose()
        }
      })
    })
}
