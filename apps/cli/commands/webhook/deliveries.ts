import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { countOf } from '../../inputs.ts'
import type { Shell } from '../../shell.ts'
import { replayOf, stateOf } from './terms.ts'
import { attemptText, deliveriesText } from './text.ts'

const PAGE_MAX = 200

interface ListOptions {
  state?: string
  limit?: string
  before?: string
}

/** What was sent, sending it again, and trying it out. */
export function addDeliveries(webhook: Command, shell: Shell): void {
  webhook
    .command('deliveries')
    .argument('<name>', 'as in the list')
    .option('--state <state>', 'pending, delivered or failed')
    .option('--limit <count>', `so many (default: 50, at most ${PAGE_MAX})`)
    .option('--before <event>', 'older ones than this event')
    .description('show what was sent and what waits, newest event first')
    .addHelpText('after', '\nExamples:\n  $ azora webhook deliveries ci --state failed')
    .action(async (name: string, { state, limit, before }: ListOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const query = {
          ...(state !== undefined && { state: stateOf(state) }),
          ...(limit !== undefined && { limit: countOf(limit, '--limit', PAGE_MAX) }),
          ...(before !== undefined && { before }),
        }
        const { items } = await (await client()).api.webhooks.deliveries({ params: { name }, query })
        screen.show({ items }, () => deliveriesText(screen.style, items))
        return EXIT.ok
      })
    })
  webhook
    .command('replay')
    .argument('<name>', 'as in the list')
    .option('--event <id>', 'one event, as azora webhook deliveries shows it')
    .option('--since <when>', 'everything since a time, or since a duration ago such as 2h')
    .description('send again, under the same ids')
    .addHelpText('after', '\nExamples:\n  $ azora webhook replay ci --event azora/main/42')
    .action(async (name: string, options: { event?: string; since?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const body = replayOf(options, Date.now())
        const view = await (await client()).api.webhooks.replay({ params: { name }, body })
        screen.show(view, () => `${name} sends again; azora webhook deliveries ${name} shows how far it is`)
        return EXIT.ok
      })
    })
  webhook
    .command('test')
    .argument('<name>', 'as in the list')
    .description('send a test event now and show what came back')
    .addHelpText('after', '\nExamples:\n  $ azora webhook test ci')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const attempt = await (await client()).api.webhooks.test({ params: { name } })
        screen.show(attempt, () => attemptText(attempt))
        return attempt.delivered ? EXIT.ok : EXIT.failed
      })
    })
}
