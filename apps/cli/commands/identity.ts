import { resolve } from 'node:path'
import { GivenRole, GrantedRole } from '@azora/contracts'
import { newPrivateKey } from '@azora/proof'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT, type ExitCode } from '../exit.ts'
import type { Screen } from '../output/screen.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'
import { signerOf, writeIdentity } from '../signing.ts'
import { addApproveDevice } from './identity-device.ts'
import { addSigningKey } from './identity-key.ts'
import { addLinks, principalOf } from './identity-links.ts'
import { addRights } from './identity-rights.ts'
import { addRoles } from './identity-roles.ts'
import { addSessions } from './identity-sessions.ts'

const EXAMPLES = `
Examples:
  $ azora identity add alice --role reviewer --out alice.identity
  $ azora identity add eve --role auditor
  $ azora review list --identity alice.identity
  $ azora identity add ci --service --role developer
  $ azora identity add rob --role custom:releaser
  $ azora identity remove alice
  $ azora identity remove service:ci

What each role allows: azora identity roles

The file holds alice's token and the key that signs her decisions: hand it to her, and keep no copy.`

const ROLES = GivenRole.options

interface AddOptions {
  role: string
  service?: boolean
  out?: string
}

export const addIdentity: AddCommand = (parent, shell) => {
  const identity = parent.command('identity').description('say who may read and decide').addHelpText('after', EXAMPLES)
  addSessions(identity, shell)
  addLinks(identity, shell)
  addApproveDevice(identity, shell)
  addRights(identity, shell)
  addRoles(identity, shell)
  addSigningKey(identity, shell)
  identity
    .command('add')
    .argument('<name>', 'letters, digits and . _ -')
    .requiredOption('--role <role>', `what they may do: ${ROLES.join(', ')} or custom:NAME`)
    .option('--service', 'a program, which comes in with API keys only')
    .option('--out <file>', 'identity file to write (default: NAME.identity)')
    .description('add a person, with a token and a key of their own, or a service')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: AddOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const role = roleOf(options.role)
        if (options.service) return addService(await client(), screen, name, role)
        const id = `user:${name}`
        const key = newPrivateKey()
        const { signer } = signerOf({ principal: id, token: '', key })
        const file = resolve(options.out ?? `${name}.identity`)
        const api = await client()
        const created = await api.addPrincipal({ id, roles: [role], keys: [signer.verifier.text] })
        await writeIdentity(file, { principal: id, token: created.token ?? '', key }).catch(async (error: Error) => {
          // Without the file nobody could ever act as them.
          await api.removePrincipal(id)
          throw new CliError(EXIT.usage, 'identity_unwritable', `${file} can't be written: ${error.message}`)
        })
        const { roles, keys } = created
        screen.show({ id, roles, keys, file }, () => `added ${id}; their identity is in ${file}`)
        return EXIT.ok
      })
    })
  identity
    .command('list')
    .description('list who may act')
    .addHelpText('after', '\nExamples:\n  $ azora identity list')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).principals()
        const rows = items.map(({ id, roles, keys }) => [id, roles.join(', '), keys.length > 0 ? 'yes' : 'no'])
        screen.show({ items }, () => table(screen.style, ['who', 'roles', 'has a key'], rows))
        return EXIT.ok
      })
    })
  identity
    .command('remove')
    .argument('<name>', 'as in the list, without user:')
    .description('remove a person; their token ends at once')
    .addHelpText('after', '\nExamples:\n  $ azora identity remove alice')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const id = principalOf(name)
        await (await client()).removePrincipal(id)
        screen.show({ id }, () => `removed ${id}`)
        return EXIT.ok
      })
    })
}

async function addService(client: Client, screen: Screen, name: string, role: GrantedRole): Promise<ExitCode> {
  const id = `service:${name}`
  const added = await client.addPrincipal({ id, roles: [role], keys: [] })
  screen.show(added, () => `added ${id}; make a key for it: azora keys create NAME --for ${id} --scope RIGHT`)
  return EXIT.ok
}

function roleOf(text: string): GrantedRole {
  const role = GrantedRole.safeParse(text)
  if (role.success) return role.data
  throw new CliError(
    EXIT.usage,
    'usage',
    `there is no role ${text} to give`,
    `Give one of ${ROLES.join(', ')}, or custom:NAME of your own: azora identity roles`,
  )
}
