import { GivenRole, GrantedRole, type ScimStatus } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT, usageError } from '../../exit.ts'
import { printable, type Style } from '../../output/style.ts'
import { facts, table } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'

const EXAMPLES = `
Examples:
  $ azora scim token
  $ azora scim status
  $ azora scim map 'Azora developers' developer
  $ azora scim unmap 'Azora developers'
  $ azora scim token --revoke

What to enter at the identity provider: docs/guides/provision-people.md`

const ONCE = 'Enter both at the provider: nobody can read the token again.'

/** People as an identity provider keeps them here (SCIM 2.0). */
export const addScim: AddCommand = (parent, shell) => {
  const scim = parent
    .command('scim')
    .description('let an identity provider say who there is (SCIM 2.0)')
    .addHelpText('after', EXAMPLES)
  scim
    .command('status')
    .description('show the address, who was provisioned, and which role each group gives')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const status = await (await client()).scimStatus()
        screen.show(status, () => statusText(screen.style, status))
        return EXIT.ok
      })
    })
  addToken(scim, shell)
  addMappings(scim, shell)
}

const addToken: AddCommand = (scim, shell) => {
  scim
    .command('token')
    .option('--revoke', 'end the token, and make none')
    .description('make a new token for the identity provider; the one before ends at once')
    .addHelpText('after', EXAMPLES)
    .action(async ({ revoke }: { revoke?: boolean }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        if (revoke) {
          await api.revokeScimToken()
          screen.show({ revoked: true }, () => 'the identity provider has no token any more')
          return EXIT.ok
        }
        const { url } = await api.scimStatus()
        const { token } = await api.scimToken()
        screen.show(
          { url, token },
          () =>
            `${facts(screen.style, [
              ['base URL', url],
              ['token', token],
            ])}\n\n${ONCE}`,
        )
        return EXIT.ok
      })
    })
}

const addMappings: AddCommand = (scim, shell) => {
  scim
    .command('map')
    .argument('<group>', 'name or id, as azora scim status shows it')
    .argument('<role>', `one of ${GivenRole.options.join(', ')}, or custom:NAME`)
    .description('let a group give its members a role')
    .addHelpText('after', EXAMPLES)
    .action(async (group: string, text: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const role = GrantedRole.safeParse(text)
        if (!role.success)
          throw usageError(
            `there is no role ${text} to give`,
            `Give one of ${GivenRole.options.join(', ')}, or custom:NAME.`,
          )
        const mapping = await (await client()).mapScimGroup({ group, role: role.data })
        screen.show(mapping, () => `${printable(mapping.name)} makes its ${mapping.members} members ${role.data}`)
        return EXIT.ok
      })
    })
  scim
    .command('unmap')
    .argument('<group>', 'name or id, as azora scim status shows it')
    .description('let a group give no role any more')
    .addHelpText('after', EXAMPLES)
    .action(async (group: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const mapping = await (await client()).unmapScimGroup({ group })
        screen.show(mapping, () => `${printable(mapping.name)} gives no role`)
        return EXIT.ok
      })
    })
}

function statusText(style: Style, { url, token, issuer, users, groups }: ScimStatus): string {
  const head = facts(style, [
    ['base URL', url],
    ['token', token ? 'yes' : 'no; make one: azora scim token'],
    ['sign in at', issuer ?? 'nowhere: set AZORA_OIDC_ISSUER'],
    ['people', `${users.active} active, ${users.inactive} inactive`],
  ])
  if (groups.length === 0) return `${head}\n\nthe provider has sent no group`
  const rows = groups.map(({ id, name, members, role }) => [printable(name), role ?? 'none', String(members), id])
  return `${head}\n\n${table(style, ['group', 'role', 'members', 'id'], rows)}`
}
