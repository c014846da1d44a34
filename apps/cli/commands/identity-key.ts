import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newPrivateKey, signStatement } from '@azora/proof'
import { ApiError } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import { signingKeyFile } from '../login-file.ts'
import type { AddCommand } from '../shell.ts'
import { loginSigner, writeKey } from '../signing.ts'

const EXAMPLES = `
Examples:
  $ azora login --server https://azora.example
  $ azora identity add-key

For people who came without a key, by an identity provider. Do it in the ten minutes after azora login. The key stays in a file for
you alone: keep a copy of it, as it can't be replaced. azora review signs with it.`

/** The key that somebody signs with who came without one. */
export const addSigningKey: AddCommand = (identity, shell) => {
  identity
    .command('add-key')
    .description('make the key that signs what you decide, once')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, env, login, screen }) => {
        const signedIn = await login()
        if (!signedIn)
          throw new CliError(
            EXIT.unauthorized,
            'not_signed_in',
            'nobody is signed in here',
            'Sign in first: azora login',
          )
        const file = signingKeyFile(env, signedIn)
        const api = await client()
        const { principal, tenant, session } = await api.whoAmI()
        if (!session)
          throw new CliError(EXIT.unauthorized, 'not_signed_in', 'this is no session', 'Sign in first: azora login')
        await mkdir(dirname(file), { recursive: true, mode: 0o700 })
        // One that is there was made for this server by somebody whose answer was lost.
        const isNew = await writeKey(file, newPrivateKey()).catch((error: Error) => {
          throw new CliError(EXIT.usage, 'identity_unwritable', `${file} can't be written: ${error.message}`)
        })
        const { signer } = await loginSigner(env, signedIn)
        const { sessionId } = session
        const statement = { type: 'azora.signing-key.v1' as const, principal, tenant, sessionId }
        const added = await api.addSigningKey(signStatement(statement, signer)).catch(async (thrown) => {
          // A key that does not count must not be found where one is looked for; one whose answer was lost may count.
          if (isNew && thrown instanceof ApiError) await rm(file, { force: true })
          throw thrown
        })
        screen.show(
          { ...added, file },
          () => `${principal} signs with the key in ${file} from now on; keep a copy of it`,
        )
        return EXIT.ok
      })
    })
}
