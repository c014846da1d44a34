import { UserCode } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import { printable } from '../output/style.ts'
import { facts } from '../output/text.ts'
import { askYes } from '../prompt.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora identity approve-device BCDF-GHJK
  $ azora identity approve-device BCDF-GHJK --deny

Approve only what you have begun yourself: the device gets to act as you.`

/** The person's word about a command line that asks to act for them. */
export const addApproveDevice: AddCommand = (identity, shell) => {
  identity
    .command('approve-device')
    .argument('<code>', 'as azora login shows it')
    .option('--deny', 'say no')
    .option('-y, --yes', 'do not ask')
    .description('let a command line act as you')
    .addHelpText('after', EXAMPLES)
    .action(async (text: string, options: { deny?: boolean; yes?: boolean }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const code = UserCode.safeParse(text.toUpperCase())
        if (!code.success) throw usageError(`${text} is no code: it ${code.error.issues[0]?.message}`)
        const api = await client()
        const waiting = await api.device(code.data)
        if (!options.deny && !options.yes) {
          screen.say(
            facts(screen.style, [
              ['device', printable(waiting.device)],
              ['from', waiting.address],
            ]),
          )
          await askYes('May it act as you?', { code: 'not_approved', message: 'it was not approved' })
        }
        const decision = options.deny ? 'deny' : 'approve'
        const device = await api.decideDevice(code.data, { decision })
        screen.show(
          { ...device, decision },
          () => `${options.deny ? 'denied' : 'approved'} ${printable(device.device)}`,
        )
        return EXIT.ok
      })
    })
}
