import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import type { AddCommand, Shell } from '../../shell.ts'
import { durationOf, expiryOf, hostsOf, type PlaceOptions, placeOf, readValue } from './terms.ts'
import { secretsText, secretText, usesText } from './text.ts'

const EXAMPLES = `
Examples:
  $ azora secret put GITHUB_TOKEN --host api.github.com < token.txt
  $ azora secret put STRIPE --host api.stripe.com --basic '' --from-file stripe.key --expires 90d
  $ azora secret list
  $ azora secret rotate GITHUB_TOKEN --from-file new-token.txt
  $ azora secret uses GITHUB_TOKEN

A value is written once: no command, route or log shows it again.`

const collect = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value]

export const addSecret: AddCommand = (parent, shell) => {
  const secret = parent
    .command('secret')
    .description('keep secrets that skills may lease')
    .addHelpText('after', EXAMPLES)
  addPut(secret, shell)
  addRotate(secret, shell)
  addList(secret, shell)
  addEndings(secret, shell)
}

interface PutOptions extends PlaceOptions {
  host?: string[]
  environment?: boolean
  ttl?: string
  expires?: string
  fromFile?: string
}

function addPut(secret: Command, shell: Shell): void {
  secret
    .command('put')
    .argument('<name>', 'such as GITHUB_TOKEN')
    .option('--host <host>', 'host or host:port that may get it (repeatable)', collect)
    .option('--header <name>', 'header that it stands in (default: authorization)')
    .option('--format <text>', 'what the header holds, {} for the secret (default: "Bearer {}" in authorization)')
    .option('--basic <user>', 'HTTP Basic authentication, with the secret as the password')
    .option('--query <name>', 'parameter of the URL that it stands in')
    .option('--body', 'in the body of a request: JSON, a form or text')
    .option('--environment', 'the law may let a skill have it in its environment, where the skill can read it')
    .option('--ttl <duration>', 'longest time that one action may hold it (default: 15m, at most 1h)')
    .option('--expires <when>', 'time, or duration from now, after which it is of no use')
    .option('--from-file <file>', 'file with the value (default: standard input)')
    .description('put a secret; its value is read from standard input or a file')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: PutOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const place = placeOf(options)
        const request = {
          name,
          hosts: hostsOf(options.host),
          ...(place && { place }),
          environment: options.environment === true,
          ...(options.ttl !== undefined && { leaseMs: durationOf(options.ttl, '--ttl') }),
          ...expiryOf(options.expires, Date.now()),
        }
        const api = await client()
        const view = await api.putSecret({ ...request, value: await readValue(options.fromFile, process.stdin) })
        screen.show(view, () => `put ${name}, for ${view.hosts.join(', ')}`)
        return EXIT.ok
      })
    })
}

function addRotate(secret: Command, shell: Shell): void {
  secret
    .command('rotate')
    .argument('<name>', 'as in the list')
    .option('--from-file <file>', 'file with the new value (default: standard input)')
    .option('--expires <when>', 'time, or duration from now, after which the new value is of no use')
    .option('--now', 'end the leases of the old value at once, instead of with their actions')
    .description('give a secret a new value')
    .addHelpText('after', '\nExamples:\n  $ azora secret rotate GITHUB_TOKEN --now < new-token.txt')
    .action(async (name: string, options: { fromFile?: string; expires?: string; now?: boolean }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const expiry = expiryOf(options.expires, Date.now())
        const value = await readValue(options.fromFile, process.stdin)
        const view = await api.rotateSecret(name, { value, now: options.now === true, ...expiry })
        screen.show(view, () => `${name} is at version ${view.versions[0]?.version}; ${view.leases} leases run`)
        return EXIT.ok
      })
    })
}

function addList(secret: Command, shell: Shell): void {
  secret
    .command('list')
    .description('list secrets, without their values')
    .addHelpText('after', '\nExamples:\n  $ azora secret list --json | jq -r .items[].name')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).secrets()
        screen.show({ items }, () => secretsText(screen.style, items))
        return EXIT.ok
      })
    })
  secret
    .command('show')
    .argument('<name>', 'as in the list')
    .description('show a secret with its versions, without its value')
    .addHelpText('after', '\nExamples:\n  $ azora secret show GITHUB_TOKEN')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const view = await (await client()).secret(name)
        screen.show(view, () => secretText(screen.style, view))
        return EXIT.ok
      })
    })
  secret
    .command('uses')
    .argument('<name>', 'as in the list')
    .description('show who used a secret, and for what: its newest 200 leases')
    .addHelpText('after', '\nExamples:\n  $ azora secret uses GITHUB_TOKEN')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).secretUses(name)
        screen.show({ items }, () => usesText(screen.style, items))
        return EXIT.ok
      })
    })
}

function addEndings(secret: Command, shell: Shell): void {
  secret
    .command('revoke')
    .argument('<name>', 'as in the list')
    .description('end every version and every lease of a secret at once')
    .addHelpText('after', '\nExamples:\n  $ azora secret revoke GITHUB_TOKEN')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const view = await (await client()).revokeSecret(name)
        screen.show(view, () => `revoked ${name}; azora secret rotate ${name} gives it a new value`)
        return EXIT.ok
      })
    })
  secret
    .command('remove')
    .argument('<name>', 'as in the list')
    .description('remove a secret; its leases end at once')
    .addHelpText('after', '\nExamples:\n  $ azora secret remove GITHUB_TOKEN')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        await (await client()).removeSecret(name)
        screen.show({ name }, () => `removed ${name}`)
        return EXIT.ok
      })
    })
}
