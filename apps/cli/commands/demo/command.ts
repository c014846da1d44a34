import type { Command } from 'commander'
import { CliError, EXIT, type ExitCode, usageError } from '../../exit.ts'
import { countOf } from '../../inputs.ts'
import { interruption } from '../../interruption.ts'
import { PROJECT_ROOT } from '../../launch/paths.ts'
import { createProgress } from '../../output/progress.ts'
import type { Session } from '../../session.ts'
import type { AddCommand } from '../../shell.ts'
import { runDemo } from './demo.ts'
import { type DemoServer, serverFor } from './server.ts'
import { stayUp } from './stay-up.ts'
import { targetOf } from './target.ts'

interface DemoOptions {
  repo?: string
  once?: boolean
  port?: string
}

const EXAMPLES = `
Examples:
  $ azora demo
  $ azora demo --repo ~/src/app
  $ azora demo --repo https://github.com/sindresorhus/slugify --once
  $ azora demo --once --json | tail -1 | jq .denied

The agent repo-steward clones the repository, inspects it, runs its tests in the sandbox and writes a report on a new
branch azora/<run>. It also proposes to rewrite the default branch, which the constitution denies. No model is needed.`

export const addDemo: AddCommand = (parent, shell) => {
  parent
    .command('demo')
    .description('watch an agent work on a git repository, each action checked, one of them denied')
    .option('--repo <path|url>', 'repository to work on (default: this checkout)')
    .option('--once', 'stop the server afterwards, when the demo started it')
    .option('--port <n>', 'port of the server, when the demo starts it (default: 7420)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: DemoOptions, self: Command) => {
      await shell.perform(self, (session) => demo(session, options))
    })
}

async function demo(session: Session, options: DemoOptions): Promise<ExitCode> {
  const startedAtMs = Date.now()
  if (options.repo === '') throw usageError('--repo is empty')
  const port = options.port === undefined ? {} : { port: countOf(options.port, '--port', 65_535) }
  const target = await targetOf(options.repo ?? PROJECT_ROOT)
  const once = options.once === true
  const interrupt = interruption()
  let server: DemoServer | undefined
  try {
    server = await serverFor(session, createProgress(session.screen), { once, ...port, signal: interrupt.signal })
    const exit = await runDemo({ session, server, interrupt, startedAtMs }, target)
    // The Ctrl-C that stopped the watching doesn't stop the server.
    interrupt.dispose()
    if (!once && server.own) await stayUp(session.screen, server.url, server.own)
    return exit
  } catch (error) {
    if (interrupt.signal.aborted && !(error instanceof CliError)) return EXIT.interrupted
    throw error
  } finally {
    await server?.own?.stop()
    interrupt.dispose()
  }
}
