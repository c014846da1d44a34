import { randomUUID } from 'node:crypto'
import { SignalRequest } from '@azora/contracts'
import type { Command } from 'commander'
import { z } from 'zod'
import { EXIT, usageError } from '../../exit.ts'
import { jsonValue, runIdOf } from '../../inputs.ts'
import type { AddCommand } from '../../shell.ts'

const EXAMPLES = `
Examples:
  $ azora run signal RUN approved --input '{"by": "finance"}'
  $ azora run signal RUN invoice.paid --input @payment.json --idempotency-key payment-4711

A step of the run that waits for the name takes it, at once or when it begins to wait. Who sent it goes on record.`

export const addSignal: AddCommand = (parent, shell) => {
  parent
    .command('signal')
    .argument('<run>', 'id of the run')
    .argument('<name>', 'what the run waits for')
    .option('--input <json>', 'what to tell it: JSON, @file or @- for standard input (default: null)')
    .option('--idempotency-key <key>', 'sending again with the same key changes nothing')
    .description('send a run word that it waits for')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, name: string, options: { input?: string; idempotencyKey?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const data = options.input === undefined ? null : await jsonValue(options.input)
        const signal = SignalRequest.safeParse({ name, data })
        if (!signal.success) throw usageError(`it can't be sent: ${z.prettifyError(signal.error)}`)
        const idempotencyKey = options.idempotencyKey ?? randomUUID()
        const accepted = await (await client()).signal(runIdOf(run), signal.data, { idempotencyKey })
        const known = accepted.duplicate ? ', as before' : ''
        screen.show(accepted, () => `${name}  ${screen.style.quiet(`entry ${accepted.index}${known}`)}`)
        return EXIT.ok
      })
    })
}
