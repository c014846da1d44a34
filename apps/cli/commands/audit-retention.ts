import { DataClass, type RetentionStatement } from '@azora/contracts'
import { signStatement } from '@azora/proof'
import { Argument, type Command } from 'commander'
import { EXIT } from '../exit.ts'
import { countOf } from '../inputs.ts'
import { retentionRunText, rulesText } from '../output/erasure.ts'
import type { Session } from '../session.ts'
import type { AddCommand } from '../shell.ts'

const CLASSES = `
Classes:
  inputs-and-plans          what runs were asked, and what agents proposed
  verdicts                  actions with their arguments, and what the constitution said
  observations-and-outputs  what actions and runs answered, their errors and logs
  reviews                   what people were asked and decided
  refusals                  what nodes refused
  controls                  why runs were paused or cancelled`

const EXAMPLES = `${CLASSES}

Examples:
  $ azora audit retention set observations-and-outputs --days 90 --rule "retention policy 4"
  $ azora audit retention list
  $ azora audit retention run --dry-run
  $ azora audit retention remove reviews --rule "legal hold 2026-03"

Payloads that are older, of runs that have ended, are erased by the server: at its start, then once an hour. You sign the
rule, and each erasure is on record like one that a person asked for.`

const DAYS_MAX = 36_500

export const addRetention: AddCommand = (parent, shell) => {
  const retention = parent
    .command('retention')
    .description('say how long payloads are kept')
    .addHelpText('after', EXAMPLES)
  const change = (name: string, description: string): Command =>
    retention
      .command(name)
      .addArgument(new Argument('<class>', 'class of payloads').choices(DataClass.options))
      .requiredOption('--rule <rule>', 'provision or policy that says so; goes on record')
      .description(description)
      .addHelpText('after', EXAMPLES)
  change('set', 'erase the payloads of a class at an age')
    .requiredOption('--days <n>', 'erase what is older than so many days')
    .action(async (name: DataClass, { days, rule }: { days: string; rule: string }, self: Command) => {
      await shell.perform(self, (session) => sign(session, name, countOf(days, '--days', DAYS_MAX), rule))
    })
  change('remove', 'keep the payloads of a class again').action(
    async (name: DataClass, { rule }: { rule: string }, self: Command) => {
      await shell.perform(self, (session) => sign(session, name, null, rule))
    },
  )
  retention
    .command('list')
    .description('list the rules that hold')
    .addHelpText('after', '\nExamples:\n  $ azora audit retention list')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).retention()
        screen.show({ items }, () => rulesText(screen.style, items))
        return EXIT.ok
      })
    })
  retention
    .command('run')
    .option('--dry-run', 'show what would be erased, and erase nothing')
    .description('apply the rules now')
    .addHelpText('after', '\nExamples:\n  $ azora audit retention run --dry-run\n  $ azora audit retention run')
    .action(async ({ dryRun = false }: { dryRun?: boolean }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).runRetention({ dryRun })
        screen.show({ items, dryRun }, () => retentionRunText(screen.style, items, dryRun))
        return EXIT.ok
      })
    })
}

async function sign(
  { client, screen, signer }: Session,
  name: DataClass,
  days: number | null,
  rule: string,
): Promise<number> {
  const identity = await signer()
  const statement: RetentionStatement = {
    type: 'azora.retention.v1',
    class: name,
    days,
    rule,
    by: identity.principal,
    at: new Date().toISOString(),
  }
  const items = await (await client()).setRetention(signStatement(statement, identity.signer))
  screen.show({ items }, () => rulesText(screen.style, items))
  return EXIT.ok
}
