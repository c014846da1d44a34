import type { Command } from 'commander'
import { EXIT, type ExitCode, usageError } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { interruption } from '../../interruption.ts'
import { createProgress } from '../../output/progress.ts'
import type { Session } from '../../session.ts'
import type { AddCommand } from '../../shell.ts'
import { type ReplayOptions, requestOf, severalOf } from './options.ts'
import { reportText, severalText } from './text.ts'

const EXAMPLES = `
Examples:
  $ azora replay RUN
  $ azora replay RUN --constitution draft
  $ azora replay RUN --agent repo-steward@1.1.0 --all
  $ azora replay RUN --agent-module agents/repo-steward/repo-steward.agent.ts
  $ azora replay --all-recorded --agent repo-steward --since 7d --json

Every decision of the run is made again from what is on record: nothing is done and nothing is recorded.
It exits with 0 when all are the same, and with 8 when one is not.`

export const addReplay: AddCommand = (parent, shell) => {
  parent
    .command('replay')
    .argument('[run]', 'id of the run')
    .option('--constitution <draft>', 'judge it by another law: the folder of a draft, or the digest of a kept version')
    .option('--agent <id@version>', 'ask another version; with --all-recorded, only runs of the agent with this id')
    .option('--agent-module <file>', "ask a draft of the agent: its module, in the agent's sandbox")
    .option('--without-agent', 'ask no agent; take its recorded answers for given')
    .option('--all', 'go on after the first divergence')
    .option('--all-recorded', 'replay every run that has ended')
    .option(
      '--since <time>',
      'with --all-recorded: created since a date or within a duration, such as 2026-11-01 or 7d',
    )
    .option('--limit <count>', 'with --all-recorded: the newest so many (default: 1000)')
    .option('--strict', 'exit with 8 also when something could not be replayed')
    .description('make the decisions of a run again, and show where they diverge from the record')
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string | undefined, options: ReplayOptions, self: Command) => {
      await shell.perform(self, async (session) => {
        if (runId !== undefined && options.allRecorded)
          throw usageError('a run and --all-recorded exclude each other', 'Name one run, or none.')
        if (options.allRecorded) return replaySeveral(session, options)
        if (runId === undefined) throw usageError('no run was named', 'Name a run, or use --all-recorded.')
        return replayOne(session, runIdOf(runId), options)
      })
    })
}

async function replayOne({ client, screen }: Session, runId: string, options: ReplayOptions): Promise<ExitCode> {
  const request = await requestOf(options)
  const interrupted = interruption()
  try {
    const report = await (await client()).replay(runId, request, { signal: interrupted.signal })
    screen.show(report, () => reportText(screen.style, report, screen.stream.columns ?? 120))
    return exitOf(report.outcome === 'diverged', report.outcome === 'incomplete', options)
  } catch (error) {
    if (interrupted.signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    interrupted.dispose()
  }
}

async function replaySeveral({ client, screen }: Session, options: ReplayOptions): Promise<ExitCode> {
  const request = severalOf(options, Date.now())
  const api = await client()
  const progress = createProgress(screen)
  const interrupted = interruption()
  const columns = screen.stream.columns ?? 120
  try {
    const result = await api.replayRecorded(request, {
      signal: interrupted.signal,
      onProgress: ({ done, total, diverged }) => progress.stage(`${done} of ${total} runs, ${diverged} diverged`),
    })
    progress.done()
    screen.show(result, () => severalText(screen.style, result, columns))
    return exitOf(result.diverged + result.failed > 0, result.incomplete > 0, options)
  } catch (error) {
    progress.done()
    if (interrupted.signal.aborted) return EXIT.interrupted
    throw error
  } finally {
    interrupted.dispose()
  }
}

const exitOf = (diverged: boolean, incomplete: boolean, { strict }: ReplayOptions): ExitCode =>
  diverged || (strict && incomplete) ? EXIT.diverged : EXIT.ok
