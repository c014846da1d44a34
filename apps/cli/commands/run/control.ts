import type { ManageRequest, RunState } from '@azora/contracts'
import type { Command } from 'commander'
import { newUseLimitsOf } from '../../budget-terms.ts'
import { EXIT } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { stateText } from '../../live/tree.ts'
import { watchToEnd } from '../../live/watch.ts'
import type { Style } from '../../output/style.ts'
import type { AddCommand } from '../../shell.ts'

interface ControlOptions {
  reason?: string
  watch?: boolean
  budget?: string
}

const CONTROLS = {
  cancel: 'end a run, with the whole process tree of its running step',
  pause: 'let a run take no further step',
  resume: 'let a paused run go on',
  retry: 'start a new run with the same agent, input and scope',
} as const

const EXAMPLES: Partial<Record<keyof typeof CONTROLS, string>> = {
  cancel: ' --reason "wrong branch"',
  resume: '\n  $ azora run resume RUN --budget USD=2.00 --watch',
}

/** `cancel`, `pause`, `resume` and `retry`: one request each. */
export const addControls: AddCommand = (parent, shell) => {
  for (const [operation, about] of Object.entries(CONTROLS) as Array<[keyof typeof CONTROLS, string]>) {
    const command = parent.command(operation).argument('<run>', 'id of the run').description(about)
    if (operation === 'cancel' || operation === 'pause') command.option('--reason <text>', 'goes on record')
    if (operation === 'resume')
      command.option('--budget <terms>', 'what it may use altogether, such as tokens=200000,USD=0.50,time=10m')
    if (operation === 'retry' || operation === 'resume') command.option('--watch', 'show the run until it ends')
    command
      .addHelpText('after', `\nExamples:\n  $ azora run ${operation} RUN${EXAMPLES[operation] ?? ''}`)
      .action(async (runId: string, options: ControlOptions, self: Command) => {
        await shell.perform(self, async ({ client, screen }) => {
          const request = requestOf(operation, runIdOf(runId), options)
          const api = await client()
          const accepted = await api.manage(request)
          if (options.watch) return watchToEnd(api, screen, accepted.runId)
          screen.show(accepted, () => `${accepted.runId}  ${answerText(operation, accepted.state, screen.style)}`)
          return EXIT.ok
        })
      })
  }
}

/** A run is cancelled when what is in flight has stopped, which is after the answer. */
const answerText = (operation: keyof typeof CONTROLS, state: RunState, style: Style): string =>
  operation === 'cancel' ? `is being cancelled, it was ${stateText(state, style)}` : stateText(state, style)

function requestOf(operation: keyof typeof CONTROLS, runId: string, { reason, budget }: ControlOptions): ManageRequest {
  if (operation === 'retry') return { operation, runId }
  if (operation === 'resume')
    return { operation, runId, ...(budget !== undefined && { budget: newUseLimitsOf(budget) }) }
  return { operation, runId, ...(reason !== undefined && { reason }) }
}
