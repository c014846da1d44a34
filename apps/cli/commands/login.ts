import { rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceAuthorization, DeviceToken } from '@azora/contracts'
import { ApiError, type Client, createClient } from '@azora/sdk/client'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import { loginFile, readLogin, writeLogin } from '../login-file.ts'
import type { Session } from '../session.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora login --server https://azora.example
  $ azora login --link
  $ azora logout

Without --link this command line asks to act for you, and you say so where you are signed in already: in a browser, or with
azora identity approve-device. What it gets is kept in a file for you alone, and goes to that server only.

Whoever opens a link first is signed in as you: it works once, and for five minutes.`

/** Into a browser, or into this command line. */
export const addLogin: AddCommand = (parent, shell) => {
  parent
    .command('login')
    .option('--server <url>', 'the server to sign in to (default: --url, else the one on this machine)')
    .option('--link', 'make a link that signs you in to a browser, once')
    .description('sign in, here or in a browser')
    .addHelpText('after', EXAMPLES)
    .action(async (options: { server?: string; link?: boolean }, self: Command) => {
      await shell.perform(self, async (session) => {
        if (options.link) return showLink(session)
        return signIn(session, await session.serverUrl(options.server))
      })
    })
  parent
    .command('logout')
    .description('end what azora login began, and forget it')
    .addHelpText('after', '\nExamples:\n  $ azora logout')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ env, screen }) => {
        const file = loginFile(env)
        const login = await readLogin(file)
        if (!login) throw new CliError(EXIT.missing, 'not_signed_in', 'this command line is not signed in anywhere')
        const { url, token } = login
        await createClient({ url, token })
          .signOut()
          .catch((error: unknown) => {
            // A session that has ended already needs no end.
            if (!(error instanceof ApiError) || error.problem.status !== 401) throw error
          })
        await rm(file, { force: true })
        screen.show({ url }, () => `signed out of ${url}`)
        return EXIT.ok
      })
    })
}

async function showLink({ client, screen }: Session): Promise<number> {
  const link = await (await client()).signInLink()
  screen.show(link, () => `Open this once, until ${link.expiresAt}:\n${link.url}`)
  return EXIT.ok
}

async function signIn({ env, screen }: Session, url: string): Promise<number> {
  const api = createClient({ url })
  const device =
    hostname()
      .replaceAll(/[^\w .@()-]/g, '-')
      .slice(0, 80) || 'a command line'
  const asked = await api.authorizeDevice({ device })
  screen.say(`Open ${asked.verification_uri_complete}\nor run: azora identity approve-device ${asked.user_code}`)
  const { access_token: token, principal } = await untilApproved(api, asked)
  const file = loginFile(env)
  await writeLogin(file, { url, principal, token }).catch(async (error: Error) => {
    await createClient({ url, token }).signOut()
    throw new CliError(EXIT.usage, 'identity_unwritable', `${file} can't be written: ${error.message}`)
  })
  screen.show({ url, principal, file }, () => `signed in to ${url} as ${principal}`)
  return EXIT.ok
}

async function untilApproved(api: Client, asked: DeviceAuthorization): Promise<DeviceToken> {
  let waitMs = asked.interval * 1_000
  for (;;) {
    await sleep(waitMs)
    try {
      return await api.deviceToken({ device_code: asked.device_code })
    } catch (error) {
      const code = error instanceof ApiError ? error.problem.code : ''
      if (code !== 'authorization_pending' && code !== 'slow_down') throw error
      // RFC 8628, section 3.5.
      if (code === 'slow_down') waitMs += 5_000
    }
  }
}
