import { resolve } from 'node:path'
import { NewTenant, type TenantView } from '@azora/contracts'
import { newPrivateKey } from '@azora/proof'
import type { Command } from 'commander'
import { CliError, EXIT, usageError } from '../exit.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'
import { reserveIdentity, signerOf } from '../signing.ts'
import { principalOf } from './identity-links.ts'

const EXAMPLES = `
Examples:
  $ azora tenant create acme --admin alice --out alice.identity
  $ azora tenant list
  $ azora tenant suspend acme
  $ azora tenant resume acme

The file holds the token of who administers the tenant, and the key that signs their decisions: hand it over, and keep no copy.
Only people of the server's own tenant may do this.`

/** Whose runs, people and secrets are kept apart. */
export const addTenant: AddCommand = (parent, shell) => {
  const tenant = parent.command('tenant').description('keep groups of people apart').addHelpText('after', EXAMPLES)
  tenant
    .command('create')
    .argument('<name>', 'lower-case letters, digits and -')
    .option('--admin <name>', 'who administers it', 'admin')
    .option('--out <file>', 'identity file to write (default: TENANT-NAME.identity)')
    .description('make a tenant, and who administers it with a token and a key of their own')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: { admin: string; out?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const id = principalOf(options.admin)
        const key = newPrivateKey()
        const { signer } = signerOf({ principal: id, token: '', key })
        const asked = NewTenant.safeParse({ name, admin: { id, keys: [signer.verifier.text] } })
        if (!asked.success)
          throw usageError(`${asked.error.issues[0]?.path.join('.')}: ${asked.error.issues[0]?.message}`)
        const file = resolve(options.out ?? `${name}-${id.slice('user:'.length)}.identity`)
        const api = await client()
        const identity = await reserveIdentity(file).catch((error: Error) => {
          throw new CliError(EXIT.usage, 'identity_unwritable', `${file} can't be written: ${error.message}`)
        })
        const { admin, ...created } = await api.addTenant(asked.data).catch(async (thrown) => {
          await identity.giveUp()
          throw thrown
        })
        await identity.write({ principal: id, token: admin.token, key })
        screen.show({ ...created, admin: id, file }, () => `made tenant ${name}; the identity of ${id} is in ${file}`)
        return EXIT.ok
      })
    })
  tenant
    .command('list')
    .description('list the tenants')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).tenants()
        const rows = items.map(({ name, state, createdAt }) => [name, state, createdAt])
        screen.show({ items }, () => table(screen.style, ['tenant', 'state', 'made'], rows))
        return EXIT.ok
      })
    })
  addChange(tenant, shell, 'suspend', 'let nobody of a tenant in, and start none of its runs')
  addChange(tenant, shell, 'resume', 'let a suspended tenant go on')
}

function addChange(
  tenant: Command,
  shell: Parameters<AddCommand>[1],
  verb: 'suspend' | 'resume',
  description: string,
): void {
  tenant
    .command(verb)
    .argument('<name>', 'as in the list')
    .description(description)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const view: TenantView = await (verb === 'suspend' ? api.suspendTenant(name) : api.resumeTenant(name))
        screen.show(view, () => `tenant ${view.name} is ${view.state}`)
        return EXIT.ok
      })
    })
}
