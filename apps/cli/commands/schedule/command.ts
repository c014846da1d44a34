import { randomUUID } from 'node:crypto'
import type { ScheduleView } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { inputOf, scopeOf, withInputOptions } from '../../inputs.ts'
import type { AddCommand, Shell } from '../../shell.ts'
import { type CreateOptions, termsOf } from './terms.ts'
import { schedulesText, scheduleText } from './text.ts'

const EXAMPLES = `
Examples:
  $ azora schedule create nightly --cron '0 7 * * 1-5' --tz Europe/Berlin --agent repo-steward \\
      -i repository=/srv/app --read /srv/app
  $ azora schedule show nightly
  $ azora schedule pause nightly
  $ azora schedule trigger nightly

Its runs have the rights of the person who made it, and end with them.`

export const addSchedule: AddCommand = (parent, shell) => {
  const schedule = parent.command('schedule').description('start runs by the clock').addHelpText('after', EXAMPLES)
  addCreate(schedule, shell)
  addReads(schedule, shell)
  addSwitch(schedule, shell, 'pause', 'start nothing until it is resumed', (api, name) => api.pauseSchedule(name))
  addSwitch(schedule, shell, 'resume', 'go on, without what passed meanwhile', (api, name) => api.resumeSchedule(name))
  addTrigger(schedule, shell)
  addRemove(schedule, shell)
}

function addCreate(schedule: Command, shell: Shell): void {
  withInputOptions(
    schedule
      .command('create')
      .argument('<name>', 'such as nightly')
      .description('start runs of an agent at the times of a pattern')
      .requiredOption('--cron <pattern>', 'minute hour day-of-month month day-of-week, such as "0 7 * * 1-5"')
      .requiredOption('--agent <agent>', 'agent to run'),
  )
    .option('--tz <zone>', 'time zone of the pattern, such as Europe/Berlin (default: UTC)')
    .option('--agent-version <version>', 'version of the agent (default: the newest at each time)')
    .option('--missed <skip|one|all>', 'times that passed while the server was down: none, the last, up to 100')
    .option('--overlap <skip|queue|allow>', 'when a run of it has not ended: no run, wait for its end, run beside it')
    .option('--priority <0-9>', 'runs with a higher one are admitted first (default: 5)')
    .option('--shard <shard>', 'partition of work whose nodes perform it (default: main)')
    .option(
      '--budget <terms>',
      'what each run may use, such as actions=100,tokens=200000,USD=0.50,time=10m,reached=fail',
    )
    .option('--deadline <seconds>', 'a run that has not ended so long after its start fails')
    .addHelpText('after', EXAMPLES)
    .action(async (name: string, options: CreateOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const terms = termsOf(options)
        const input = await inputOf(options)
        const view = await (await client()).addSchedule({ name, ...terms, input, scope: scopeOf(options) })
        screen.show(view, () => scheduleText(screen.style, view, screen.stream.columns ?? 120))
        return EXIT.ok
      })
    })
}

function addReads(schedule: Command, shell: Shell): void {
  schedule
    .command('list')
    .description('list schedules with their next times')
    .addHelpText('after', '\nExamples:\n  $ azora schedule list --json | jq -r .items[].name')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).schedules()
        screen.show({ items }, () => schedulesText(screen.style, items))
        return EXIT.ok
      })
    })
  schedule
    .command('show')
    .argument('<name>', 'as in the list')
    .description('show a schedule, its next times, and what became of the last ones')
    .addHelpText('after', '\nExamples:\n  $ azora schedule show nightly')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const view = await (await client()).schedule(name)
        screen.show(view, () => scheduleText(screen.style, view, screen.stream.columns ?? 120))
        return EXIT.ok
      })
    })
}

type Switch = (api: Client, name: string) => Promise<ScheduleView>

function addSwitch(schedule: Command, shell: Shell, verb: 'pause' | 'resume', says: string, turn: Switch): void {
  schedule
    .command(verb)
    .argument('<name>', 'as in the list')
    .description(says)
    .addHelpText('after', `\nExamples:\n  $ azora schedule ${verb} nightly`)
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const view = await turn(await client(), name)
        screen.show(view, () => `${name} is ${view.state}`)
        return EXIT.ok
      })
    })
}

function addTrigger(schedule: Command, shell: Shell): void {
  schedule
    .command('trigger')
    .argument('<name>', 'as in the list')
    .option('--idempotency-key <key>', 'triggering again with the same key answers the same run')
    .description('start a run of the schedule now, beside its times')
    .addHelpText('after', '\nExamples:\n  $ azora schedule trigger nightly')
    .action(async (name: string, options: { idempotencyKey?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const idempotencyKey = options.idempotencyKey ?? randomUUID()
        const occurrence = await api.triggerSchedule(name, { idempotencyKey })
        const { state, runId, error } = occurrence
        screen.show(occurrence, () => [runId, state, error?.message].filter(Boolean).join('  '))
        return state === 'refused' ? EXIT.failed : EXIT.ok
      })
    })
}

function addRemove(schedule: Command, shell: Shell): void {
  schedule
    .command('remove')
    .argument('<name>', 'as in the list')
    .description('remove a schedule; its runs go on')
    .addHelpText('after', '\nExamples:\n  $ azora schedule remove nightly')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        await (await client()).removeSchedule(name)
        screen.show({ removed: name }, () => `removed ${name}`)
        return EXIT.ok
      })
    })
}
