import { ManageRequest } from '@azora/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { EXIT, type ExitCode, usageError } from '../../exit.ts'
import { jsonInput, runIdOf } from '../../inputs.ts'
import { stateText } from '../../live/tree.ts'
import { watchToEnd } from '../../live/watch.ts'
import type { AddCommand, Shell } from '../../shell.ts'

interface ForkOptions {
  from: string
  input?: string
  agentVersion?: string
  watch?: boolean
}

export const addFork: AddCommand = (parent, shell) => {
  parent
    .command('fork')
    .argument('<run>', 'id of the run')
    .requiredOption('--from <step>', 'the first step that is performed again')
    .option(
      '--input <json>',
      'arguments of that step in place of the proposed ones: a JSON object, @file or @- for standard input',
    )
    .option('--agent-version <version>', 'version of the agent that goes on (default: the same)')
    .option('--watch', 'show the new run until it ends')
    .description('start a new run that takes over what a run did before a step')
    .addHelpText('after', '\nExamples:\n  $ azora run fork RUN --from push --input \'{"branch": "next"}\' --watch')
    .action(async (run: string, { from, input, agentVersion, watch }: ForkOptions, self: Command) => {
      const request = async () => ({
        ...{ operation: 'fork', runId: runIdOf(run), from },
        ...(input !== undefined && { input: await jsonInput(input) }),
        ...(agentVersion !== undefined && { agentVersion }),
      })
      await manage(shell, self, request, watch)
    })
}

export const addRestart: AddCommand = (parent, shell) => {
  parent
    .command('restart')
    .argument('<run>', 'id of a run that has ended')
    .option('--from <step>', 'the first step that is performed again (default: where the run broke off)')
    .option('--watch', 'show the new run until it ends')
    .description('go on, in a new run, where a run that has ended broke off')
    .addHelpText('after', '\nExamples:\n  $ azora run restart RUN --watch')
    .action(async (run: string, { from, watch }: { from?: string; watch?: boolean }, self: Command) => {
      const request = async () => ({ operation: 'restart', runId: runIdOf(run), ...(from !== undefined && { from }) })
      await manage(shell, self, request, watch)
    })
}

export const addMigrate: AddCommand = (parent, shell) => {
  parent
    .command('migrate')
    .argument('<run>', 'id of a paused run')
    .option('--agent-version <version>', 'version of its agent that goes on')
    .option('--skills', 'steps that were not judged yet use the skills that are offered now')
    .option('--reason <text>', 'goes on record')
    .description(
      'move a paused run to another version of its agent, if that agrees with what the run did, or to newer skills',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ azora run migrate RUN --agent-version 1.1.0 --reason "mends the summary"\n  $ azora run migrate RUN --skills',
    )
    .action(
      async (run: string, options: { agentVersion?: string; skills?: boolean; reason?: string }, self: Command) => {
        const request = async () => ({ operation: 'migrate', runId: runIdOf(run), ...options })
        await manage(shell, self, request)
      },
    )
}

async function manage(shell: Shell, self: Command, given: () => Promise<object>, watch = false): Promise<void> {
  await shell.perform(self, async ({ client, screen }): Promise<ExitCode> => {
    const request = ManageRequest.safeParse(await given())
    if (!request.success) throw usageError(`it can't be asked for: ${z.prettifyError(request.error)}`)
    const api = await client()
    const accepted = await api.manage(request.data)
    if (watch) return watchToEnd(api, screen, accepted.runId)
    screen.show(accepted, () => `${accepted.runId}  ${stateText(accepted.state, screen.style)}`)
    return EXIT.ok
  })
}
