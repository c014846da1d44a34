import { randomUUID } from 'node:crypto'
import type { ManageRequest } from '@azora/contracts'
import type { Command } from 'commander'
import { runBudgetOf } from '../../budget-terms.ts'
import { EXIT } from '../../exit.ts'
import { countOf, type InputOptions, inputOf, scopeOf, withInputOptions } from '../../inputs.ts'
import { watchToEnd } from '../../live/watch.ts'
import type { AddCommand } from '../../shell.ts'
import { startAtOf, timeOf } from '../../times.ts'
import { afterOf } from './after.ts'

interface StartOptions extends InputOptions {
  agentVersion?: string
  priority?: string
  shard?: string
  deadline?: string
  idempotencyKey?: string
  at?: string
  in?: string
  after?: string
  afterFailure?: string
  budget?: string
  watch?: boolean
}

const EXAMPLES = `
Examples:
  $ azora run start repo-steward -i repository=/srv/app --read /srv/app --write /srv/app --watch
  $ azora run start repo-steward --input @input.json --host github.com
  $ azora run start repo-steward -i repository=/srv/app --read /srv/app --in 10m
  $ azora run start repo-steward -i repository=/srv/app --read /srv/app --after RUN1,RUN2
  $ azora run start repo-steward -i repository=/srv/app --read /srv/app --budget tokens=200000,USD=0.50,time=10m
  $ echo '{"repository": "/srv/app"}' | azora run start repo-steward --input @- --read /srv/app --json

The run may touch only what --read, --write and --host grant.`

export const addStart: AddCommand = (parent, shell) => {
  withInputOptions(parent.command('start').argument('<agent>', 'agent to run').description('start a run of an agent'))
    .option('--agent-version <version>', 'version of the agent (default: the newest)')
    .option('--priority <0-9>', 'runs with a higher one are admitted first (default: 5)')
    .option('--shard <shard>', 'partition of work whose nodes perform it (default: main)')
    .option('--deadline <time>', 'time after which it fails, such as 2030-01-31T12:00:00Z')
    .option('--at <time>', 'time at which it begins, such as 2030-01-31T12:00:00Z')
    .option('--in <time>', 'begin after a time, such as 90s, 10m, 2h or 30d')
    .option('--after <runs>', 'begin when these runs have ended, such as RUN1,RUN2')
    .option('--after-failure <cancel|run>', 'what to do when one of them does not succeed (default: cancel)')
    .option('--budget <terms>', 'what it may use, such as actions=100,tokens=200000,USD=0.50,time=10m,reached=fail')
    .option('--idempotency-key <key>', 'starting again with the same key answers the same run')
    .option('--watch', 'show the run until it ends')
    .addHelpText('after', EXAMPLES)
    .action(async (agentId: string, options: StartOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const request = await requestOf(agentId, options)
        const api = await client()
        const accepted = await api.manage(request, { idempotencyKey: options.idempotencyKey ?? randomUUID() })
        if (options.watch) return watchToEnd(api, screen, accepted.runId)
        screen.show(
          accepted,
          () => `${accepted.runId}  ${accepted.state}\n${screen.style.quiet(`azora run watch ${accepted.runId}`)}`,
        )
        return EXIT.ok
      })
    })
}

async function requestOf(agentId: string, options: StartOptions): Promise<ManageRequest> {
  const { agentVersion, priority, shard, deadline, budget } = options
  const startAt = startAtOf(options, Date.now())
  const after = afterOf(options)
  return {
    operation: 'create',
    agentId,
    input: await inputOf(options),
    scope: scopeOf(options),
    ...(agentVersion !== undefined && { agentVersion }),
    ...(priority !== undefined && { priority: countOf(priority, '--priority', 9) }),
    ...(shard !== undefined && { shard }),
    ...(deadline !== undefined && { deadline: timeOf(deadline, '--deadline') }),
    ...(startAt !== undefined && { startAt }),
    ...(after && { after }),
    ...(budget !== undefined && { budget: runBudgetOf(budget) }),
  }
}
