import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora identity link alice --email alice@example.org
  $ azora identity links
  $ azora identity unlink alice

Alice then signs in at the provider that the server was given (AZORA_OIDC_ISSUER), on the page /sign-in. Her first sign-in
ties the link to the provider's own name of her: whoever gets the address later is not her.`

/** Who signs in at the OpenID Connect provider as whom. */
export const addLinks: AddCommand = (identity, shell) => {
  identity
    .command('link')
    .argument('<name>', 'as in the list, without user:')
    .requiredOption('--email <address>', 'verified by the provider')
    .description('let somebody at the provider sign in as a person')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, { email }: { email: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const linked = await (await client()).linkPrincipal(principalOf(name), { email })
        screen.show(linked, () => `${linked.email} at ${linked.issuer} signs in as ${linked.principal}`)
        return EXIT.ok
      })
    })
  identity
    .command('links')
    .description('list who signs in as whom')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).links()
        const rows = items.map(({ principal, email, issuer, used }) => [principal, email, issuer, used ? 'yes' : 'no'])
        screen.show({ items }, () => table(screen.style, ['who', 'address', 'provider', 'has signed in'], rows))
        return EXIT.ok
      })
    })
  identity
    .command('unlink')
    .argument('<name>', 'as in the list, without user:')
    .description('end a link; their sessions end at once')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const principal = principalOf(name)
        await (await client()).unlinkPrincipal(principal)
        screen.show({ principal }, () => `${principal} is linked with nobody`)
        return EXIT.ok
      })
    })
}

/** What people call somebody, as the id of a person. */
export const principalOf = (name: string): string => (name.includes(':') ? name : `user:${name}`)
