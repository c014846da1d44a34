import { randomUUID } from 'node:crypto'
import type { ExecuteRequest, VerifyResponse } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { EXIT, type ExitCode } from '../exit.ts'
import { type InputOptions, inputOf, retryOf, scopeOf, withInputOptions } from '../inputs.ts'
import { interruption } from '../interruption.ts'
import { exitOf, watchRun } from '../live/watch.ts'
import { reasonLines, verdictText } from '../output/reasons.ts'
import type { Screen } from '../output/screen.ts'
import { printable, type Style } from '../output/style.ts'
import type { AddCommand } from '../shell.ts'
import { startAtOf } from '../times.ts'

interface InvokeOptions extends InputOptions {
  skillVersion?: string
  shard?: string
  idempotencyKey?: string
  at?: string
  in?: string
  retry?: string
  dryRun?: boolean
}

const EXAMPLES = `
Examples:
  $ azora skill invoke git.clone -i repository=/srv/app --read /srv/app
  $ azora skill invoke git.rewrite-branch --input @input.json --write /srv/app --dry-run

--dry-run asks the constitution for the verdict; nothing is done.`

export const addInvoke: AddCommand = (parent, shell) => {
  withInputOptions(
    parent
      .command('invoke')
      .argument('<skill>', 'id of the skill')
      .description('perform one skill, or ask whether it would be allowed'),
  )
    .option('--skill-version <version>', 'version (default: the newest)')
    .option('--shard <shard>', 'partition of work whose nodes perform it (default: main)')
    .option('--at <time>', 'time at which it begins, such as 2030-01-31T12:00:00Z')
    .option('--in <time>', 'begin after a time, such as 90s, 10m, 2h or 30d')
    .option('--idempotency-key <key>', 'invoking again with the same key answers the same run')
    .option('--retry <policy>', 'attempts, as a number or as a JSON policy such as {"attempts": 5, "firstMs": 500}')
    .option('--dry-run', 'only the verdict')
    .addHelpText('after', EXAMPLES)
    .action(async (skillId: string, options: InvokeOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const { skillVersion: version } = options
        const request = {
          skillId,
          input: await inputOf(options),
          scope: scopeOf(options),
          ...(version === undefined ? {} : { version }),
        }
        const startAt = startAtOf(options, Date.now())
        const placed = {
          ...request,
          ...(options.shard === undefined ? {} : { shard: options.shard }),
          ...(startAt === undefined ? {} : { startAt }),
          ...(options.retry === undefined ? {} : { retry: retryOf(options.retry) }),
        }
        const api = await client()
        if (!options.dryRun) return invoke(api, screen, placed, options.idempotencyKey ?? randomUUID())
        const response = await api.verify(request)
        screen.show(response, () => responseText(screen.style, response))
        return response.verdict === 'deny' ? EXIT.failed : EXIT.ok
      })
    })
}

async function invoke(api: Client, screen: Screen, request: ExecuteRequest, idempotencyKey: string): Promise<ExitCode> {
  const { runId } = await api.execute(request, { idempotencyKey })
  const interrupt = interruption()
  try {
    await watchRun(api, screen, runId, { signal: interrupt.signal })
  } finally {
    interrupt.dispose()
  }
  const run = await api.run(runId)
  if (screen.json) screen.emit(run)
  else if (run.state === 'success') screen.say(printable(JSON.stringify(run.outputs, null, 2)))
  if (interrupt.signal.aborted) return EXIT.interrupted
  return run.actions.some(({ state }) => state === 'denied') ? EXIT.failed : exitOf(run.state)
}

export function responseText(style: Style, response: VerifyResponse): string {
  const reasons = response.reasons.flatMap((reason) => reasonLines(reason, style)).map((line) => `  ${line}`)
  return [verdictText(response, style), ...reasons, `  ${style.quiet(`action ${response.actionDigest}`)}`].join('\n')
}
