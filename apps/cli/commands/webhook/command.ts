import type { WebhookView } from '@azora/contracts'
import type { Api } from '@azora/sdk/client'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import type { AddCommand, Shell } from '../../shell.ts'
import { addDeliveries } from './deliveries.ts'
import { secondsOf, type TermOptions, termsOf } from './terms.ts'
import { secretText, webhooksText, webhookText } from './text.ts'

const EXAMPLES = `
Examples:
  $ azora webhook create ci https://ci.example.com/azora --event run.succeeded --event run.failed
  $ azora webhook test ci
  $ azora webhook deliveries ci --state failed
  $ azora webhook replay ci --since 2h
  $ azora webhook rotate ci --overlap 24h

A secret is shown once, when it is made: receivers verify signatures with it.`

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value]

export const addWebhook: AddCommand = (parent, shell) => {
  const webhook = parent
    .command('webhook')
    .description('tell receivers what happens in runs')
    .addHelpText('after', EXAMPLES)
  addCreate(webhook, shell)
  addReads(webhook, shell)
  addUpdate(webhook, shell)
  addSwitch(webhook, shell, 'pause', 'send nothing until it is resumed; what happens meanwhile is kept')
  addSwitch(webhook, shell, 'resume', 'go on where it was paused or disabled')
  addRotate(webhook, shell)
  addDeliveries(webhook, shell)
  addRemove(webhook, shell)
}

const withTerms = (command: Command): Command =>
  command
    .option('--event <type>', 'what it is told, such as run.failed (repeatable; default: everything)', collect)
    .option('--agent <agent>', 'runs of this agent only (repeatable; default: of all)', collect)

function addCreate(webhook: Command, shell: Shell): void {
  withTerms(webhook.command('create').argument('<name>', 'such as ci').argument('<address>', 'https URL'))
    .description('tell a receiver what happens from now on; shows the secret, once')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, url: string, terms: TermOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const { api } = await client()
        const made = await api.webhooks.create({ body: { name, url, ...termsOf(terms) } })
        screen.show(made, () => `${webhookText(screen.style, made.webhook)}\n${secretText(screen.style, made)}`)
        return EXIT.ok
      })
    })
}

function addReads(webhook: Command, shell: Shell): void {
  webhook
    .command('list')
    .description('list webhooks with their state')
    .addHelpText('after', '\nExamples:\n  $ azora webhook list --json | jq -r .items[].name')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const { items } = await (await client()).api.webhooks.list({})
        screen.show({ items }, () => webhooksText(screen.style, items))
        return EXIT.ok
      })
    })
  webhook
    .command('show')
    .argument('<name>', 'as in the list')
    .description('show a webhook and how its deliveries go')
    .addHelpText('after', '\nExamples:\n  $ azora webhook show ci')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const view = await (await client()).api.webhooks.get({ params: { name } })
        screen.show(view, () => webhookText(screen.style, view))
        return EXIT.ok
      })
    })
}

function addUpdate(webhook: Command, shell: Shell): void {
  withTerms(webhook.command('update').argument('<name>', 'as in the list').option('--to <address>', 'https URL'))
    .description('change where a webhook goes or what it is told')
    .addHelpText('after', '\nExamples:\n  $ azora webhook update ci --to https://ci.example.com/hooks')
    .action(async (name: string, { to, ...terms }: TermOptions & { to?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const body = { ...(to !== undefined && { url: to }), ...termsOf(terms) }
        const view = await (await client()).api.webhooks.update({ params: { name }, body })
        screen.show(view, () => webhookText(screen.style, view))
        return EXIT.ok
      })
    })
}

function addSwitch(webhook: Command, shell: Shell, verb: 'pause' | 'resume', says: string): void {
  const turn = ({ webhooks }: Api, name: string): Promise<WebhookView> => webhooks[verb]({ params: { name } })
  webhook
    .command(verb)
    .argument('<name>', 'as in the list')
    .description(says)
    .addHelpText('after', `\nExamples:\n  $ azora webhook ${verb} ci`)
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const view = await turn((await client()).api, name)
        screen.show(view, () => `${name} is ${view.state}`)
        return EXIT.ok
      })
    })
}

function addRotate(webhook: Command, shell: Shell): void {
  webhook
    .command('rotate')
    .argument('<name>', 'as in the list')
    .option('--overlap <duration>', 'how long the old secret signs too (default: 24h, at most 7d)')
    .option('--now', 'end the old secret at once')
    .description('make a new secret, and show it once')
    .addHelpText('after', '\nExamples:\n  $ azora webhook rotate ci --overlap 1h')
    .action(async (name: string, options: { overlap?: string; now?: boolean }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const overlapSeconds = options.now ? 0 : secondsOf(options.overlap ?? '24h', '--overlap')
        const made = await (await client()).api.webhooks.rotate({ params: { name }, body: { overlapSeconds } })
        screen.show(made, () => secretText(screen.style, made))
        return EXIT.ok
      })
    })
}

function addRemove(webhook: Command, shell: Shell): void {
  webhook
    .command('remove')
    .argument('<name>', 'as in the list')
    .description('remove a webhook with its secrets and its deliveries')
    .addHelpText('after', '\nExamples:\n  $ azora webhook remove ci')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        await (await client()).api.webhooks.remove({ params: { name } })
        screen.show({ removed: name }, () => `removed ${name}`)
        return EXIT.ok
      })
    })
}
