import type { SessionView } from '@azora/contracts'
import type { Command } from 'commander'
import { CliError, EXIT } from '../exit.ts'
import type { Style } from '../output/style.ts'
import { facts, table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'
import { principalOf } from './identity-links.ts'

const EXAMPLES = `
Examples:
  $ azora identity sessions list
  $ azora identity sessions end 019207a2-5f3c-7000-8000-000000000001
  $ azora identity sessions end --everywhere
  $ azora identity sessions end --everywhere alice`

/** Who is signed in where, and tokens for other services. */
export const addSessions: AddCommand = (identity, shell) => {
  const sessions = identity
    .command('sessions')
    .description('see who is signed in, and end it')
    .addHelpText('after', EXAMPLES)
  sessions
    .command('list')
    .description('list live sessions: yours, or everybody’s if you are the owner')
    .addHelpText('after', EXAMPLES)
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).sessions()
        screen.show({ items }, () => sessionsText(screen.style, items))
        return EXIT.ok
      })
    })
  sessions
    .command('end')
    .argument('[session]', 'id of the session')
    .option('--everywhere [name]', 'all sessions of somebody; yours without a name')
    .description('end a session at once, or sign out everywhere')
    .addHelpText('after', EXAMPLES)
    .action(async (sessionId: string | undefined, options: { everywhere?: string | true }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const { everywhere } = options
        if ((sessionId === undefined) === (everywhere === undefined))
          throw new CliError(EXIT.usage, 'usage', 'name one session, or say --everywhere')
        const api = await client()
        if (sessionId !== undefined) {
          await api.endSession(sessionId)
          screen.show({ ended: 1 }, () => `ended ${sessionId}`)
          return EXIT.ok
        }
        const whose = typeof everywhere === 'string' ? { principal: principalOf(everywhere) } : {}
        const { ended } = await api.endSessions(whose)
        screen.show({ ended }, () => `ended ${ended} ${ended === 1 ? 'session' : 'sessions'}`)
        return EXIT.ok
      })
    })
  addWhoAmI(identity, shell)
  addToken(identity, shell)
  addRotateKey(identity, shell)
}

const addWhoAmI: AddCommand = (identity, shell) => {
  identity
    .command('whoami')
    .description('say who you are to the server')
    .addHelpText('after', '\nExamples:\n  $ azora identity whoami --identity alice.identity')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const me = await (await client()).whoAmI()
        screen.show(me, () =>
          facts(screen.style, [
            ['who', me.principal],
            ['tenant', me.tenant],
            ['roles', me.roles.join(', ')],
            ['session', me.session?.sessionId],
            ['until', me.session?.idleUntil],
          ]),
        )
        return EXIT.ok
      })
    })
}

const addToken: AddCommand = (identity, shell) => {
  identity
    .command('token')
    .option('--audience <name>', 'who shall accept it (default: this server)')
    .option('--seconds <n>', 'how long it lives, 60 to 900', Number, 600)
    .description('issue a short-lived signed token (JWT) that says who you are')
    .addHelpText(
      'after',
      '\nExamples:\n  $ azora identity token --audience https://reports.example\n\nIts keys are at /.well-known/jwks.json.',
    )
    .action(async (options: { audience?: string; seconds: number }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const issued = await (await client()).accessToken(options)
        screen.show(issued, () => issued.access_token)
        return EXIT.ok
      })
    })
}

const addRotateKey: AddCommand = (identity, shell) => {
  identity
    .command('rotate-key')
    .option('--now', 'accept nothing any more that older keys signed')
    .description('let a new key sign short-lived tokens')
    .addHelpText('after', '\nExamples:\n  $ azora identity rotate-key\n  $ azora identity rotate-key --now')
    .action(async (options: { now?: boolean }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const set = await (await client()).rotateSignInKey({ now: options.now === true })
        screen.show(set, () => `published keys: ${set.keys.map(({ kid }) => kid).join(', ')}`)
        return EXIT.ok
      })
    })
}

function sessionsText(style: Style, items: readonly SessionView[]): string {
  if (items.length === 0) return 'nobody is signed in'
  const rows = items.map(({ sessionId, principal, method, usedAt, idleUntil }) => [
    sessionId,
    principal,
    method,
    usedAt,
    idleUntil,
  ])
  return table(style, ['session', 'who', 'how', 'last used', 'until'], rows)
}
