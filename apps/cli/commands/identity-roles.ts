import { CustomRoleName, NewCustomRole, Right, type RoleDetail, RoleName } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora identity role create releaser --may run.manage,run.read --agents release-bot --says "Releasers may release"
  $ azora identity role create author --may run.create,run.manage,run.read --own
  $ azora identity role show custom:releaser
  $ azora identity add rob --role custom:releaser
  $ azora identity role remove custom:releaser

Rights: azora identity roles. Nobody makes a role that may more than they may themselves. A role never changes: make another.`

interface CreateOptions {
  may: string
  agents?: string
  own?: boolean
  says?: string
}

/** Roles of the tenant's own. */
export const addRoles: AddCommand = (identity, shell) => {
  const role = identity.command('role').description('make roles of your own').addHelpText('after', EXAMPLES)
  role
    .command('create')
    .argument('<name>', 'lower-case letters, digits and -; custom: is put before it')
    .requiredOption('--may <rights>', 'what it allows, such as run.read,run.signal')
    .option('--agents <names>', 'rights about runs and reviews hold for runs of these agents only')
    .option('--own', 'rights about runs and reviews hold for runs only that one has started oneself')
    .option('--says <sentence>', 'what it is for, as a sentence without a full stop')
    .description('make a role')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: CreateOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const asked = requestOf(name, options)
        const created = await (await client()).addRole(asked)
        screen.show(created, () => `made role ${created.role}; give it: azora identity add NAME --role ${created.role}`)
        return EXIT.ok
      })
    })
  role
    .command('show')
    .argument('<role>', 'such as viewer or custom:releaser')
    .description('show what a role allows, and the policies that say so')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const name = RoleName.safeParse(text)
        if (!name.success) throw usageError(`there is no role ${text}: azora identity roles lists them`)
        const shown = await (await client()).role(name.data)
        screen.show(shown, () => detailText(shown))
        return EXIT.ok
      })
    })
  role
    .command('remove')
    .argument('<role>', 'such as custom:releaser')
    .description('remove a role that nobody has')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const name = CustomRoleName.safeParse(fullName(text))
        if (!name.success) throw usageError(`${text} is no role of your own: azora identity roles lists them`)
        await (await client()).removeRole(name.data)
        screen.show({ role: name.data }, () => `removed role ${name.data}`)
        return EXIT.ok
      })
    })
}

function requestOf(name: string, { may, agents, own, says }: CreateOptions): NewCustomRole {
  const rights = listOf(may)
  const unknown = rights.find((right) => !Right.safeParse(right).success)
  if (unknown !== undefined) throw usageError(`there is no right ${unknown}: azora identity roles lists them`)
  const asked = NewCustomRole.safeParse({
    name: fullName(name),
    may: rights,
    ...(agents !== undefined && { agents: listOf(agents) }),
    ...(own && { own }),
    ...(says !== undefined && { says }),
  })
  if (asked.success) return asked.data
  const [issue] = asked.error.issues
  throw usageError(`${issue?.path.join('.')}: ${issue?.message}`)
}

const fullName = (text: string): string => (text.startsWith('custom:') ? text : `custom:${text}`)

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function detailText({ role, actions, policies, custom }: RoleDetail): string {
  const made = custom ? [`made by ${custom.createdBy} at ${custom.createdAt}`] : []
  return [`${role} may ${actions.join(', ')}`, ...made, '', ...policies.map(({ text }) => `${text}\n`)].join('\n')
}
