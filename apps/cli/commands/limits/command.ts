import type { AdmissionLimitsView } from '@azora/contracts'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { budgetsText } from '../../output/budgets.ts'
import type { Screen } from '../../output/screen.ts'
import type { AddCommand } from '../../shell.ts'
import { changeOf, type SetOptions } from './terms.ts'
import { limitsText } from './text.ts'

const EXAMPLES = `
Examples:
  $ azora limits show
  $ azora limits set --tenant acme --weight 3 --concurrency 20
  $ azora limits set --every-tenant --rate 100/1s --burst 500 --queue 50000
  $ azora limits set --agent repo-steward --concurrency 4
  $ azora limits set --skill git.clone --concurrency 2
  $ azora limits set --queue 2000000 --aging 60
  $ azora limits set --tenant acme --rate none
  $ azora limits set --agent repo-steward --budget day,actions=1000,tokens=2000000,USD=5.00
  $ azora limits set --tenant acme --budget month,time=20h,reached=fail`

export const addLimits: AddCommand = (parent, shell) => {
  const limits = parent
    .command('limits')
    .description('say how runs are accepted and admitted')
    .addHelpText('after', EXAMPLES)
  limits
    .command('show')
    .description('show the limits in force')
    .addHelpText('after', '\nExamples:\n  $ azora limits show --json')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        await show(screen, api, await api.limits())
        return EXIT.ok
      })
    })
  limits
    .command('set')
    .option('--tenant <tenant>', 'for this tenant')
    .option('--every-tenant', 'for every tenant that has none of its own')
    .option('--agent <agent>', 'for the runs of this agent')
    .option('--skill <skill>', 'for runs that perform this skill without an agent')
    .option('--weight <n>', "a tenant's share while others wait too")
    .option('--concurrency <n>', 'runs that are carried forward at one time')
    .option('--queue <n>', 'runs that wait to start; without --tenant and --every-tenant, of all together')
    .option('--rate <runs/time>', 'runs that a tenant may start, such as 100/1s')
    .option('--burst <n>', 'runs at once after a quiet time (default: as in --rate)')
    .option('--aging <seconds>', 'a run that has waited so long counts as one priority higher')
    .option('--budget <terms>', 'what actions may use in a day, a month or in total, such as day,actions=1000')
    .description('put other limits in force; none takes one away')
    .addHelpText('after', EXAMPLES)
    .action(async (options: SetOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const change = changeOf(options)
        const api = await client()
        const { limits, index } = await api.limits()
        const view = await api.setLimits({
          limits: change(limits),
          ...(index !== undefined && { replaces: index }),
        })
        await show(screen, api, view)
        return EXIT.ok
      })
    })
}

async function show(screen: Screen, api: Client, view: AdmissionLimitsView): Promise<void> {
  const { budgets } = await api.budgets()
  screen.show({ ...view, budgets }, () => `${limitsText(screen.style, view)}${budgetsText(screen.style, budgets)}`)
}
