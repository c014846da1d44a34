import { randomUUID } from 'node:crypto'
import { type ErasurePreview, type ErasureSelection, type ErasureStatement, PrincipalId } from '@azora/contracts'
import { signStatement } from '@azora/proof'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import { countOf, runIdOf } from '../inputs.ts'
import { erasuresText, erasureText, previewText } from '../output/erasure.ts'
import type { Screen } from '../output/screen.ts'
import { plural } from '../output/text.ts'
import { askYes } from '../prompt.ts'
import { rangesIn } from '../ranges.ts'
import type { AddCommand } from '../shell.ts'

interface EraseOptions {
  subject?: string
  run?: string
  entries?: string
  rule?: string
  reason?: string
  dryRun?: boolean
  yes?: boolean
}

const EXAMPLES = `
Examples:
  $ azora audit erase --subject user:alice --rule "GDPR Art. 17" --reason "she asked for it" --dry-run
  $ azora audit erase --subject user:alice --rule "GDPR Art. 17" --reason "she asked for it"
  $ azora audit erase --run RUN --rule "GDPR Art. 17" --reason "request 2026-114"
  $ azora audit erase --entries 12,20-31 --rule "contract 7.2" --reason "wrong customer" -y

Payloads go for good, and everything that was made from them; headers and proofs stay, so evidence still verifies. You
sign what is erased, and that it was erased stays on record. Only runs that have ended lose anything.`

export const addErase: AddCommand = (parent, shell) => {
  parent
    .command('erase')
    .option('--subject <principal>', 'payloads of runs that the principal owns, took part in or is named in')
    .option('--run <run>', 'payloads of one run')
    .option('--entries <indexes>', 'payloads of these entries, such as 12,20-31')
    .option('--rule <rule>', 'provision under which they are erased, such as "GDPR Art. 17"')
    .option('--reason <text>', 'why; goes on record')
    .option('--dry-run', 'show what would be erased, and erase nothing')
    .option('-y, --yes', 'erase without asking')
    .description('erase payloads for good')
    .addHelpText('after', EXAMPLES)
    .action(async (options: EraseOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen, signer }) => {
        const selection = selectionOf(options)
        const api = await client()
        const preview = await api.previewErasure(selection)
        const show = (): string => previewText(screen.style, preview)
        if (options.dryRun || preview.count === 0) {
          screen.show({ ...preview, dryRun: true }, show)
          return EXIT.ok
        }
        const identity = await signer()
        const statement = statementOf(preview, identity.principal, options)
        await confirm(screen, show(), preview.count, options)
        const view = await api.erase(signStatement(statement, identity.signer))
        screen.show({ ...view, more: preview.more }, () => erasureText(screen.style, view, preview.more))
        return EXIT.ok
      })
    })
  parent
    .command('erasures')
    .description('list what was erased, by whom and under which rule')
    .option('--limit <n>', 'erasures to show, up to 200', '50')
    .option('--cursor <cursor>', 'go on where the last page ended')
    .addHelpText('after', '\nExamples:\n  $ azora audit erasures\n  $ azora audit erasures --json | jq .items[].rule')
    .action(async ({ limit, cursor }: { limit: string; cursor?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const page = await (await client()).erasures({
          limit: countOf(limit, '--limit', 200),
          ...(cursor === undefined ? {} : { cursor: indexOf(cursor, '--cursor') }),
        })
        screen.show(page, () => erasuresText(screen.style, page.items, page.next))
        return EXIT.ok
      })
    })
}

function selectionOf({ subject, run, entries }: EraseOptions): ErasureSelection {
  const given = [subject, run, entries].filter((value) => value !== undefined)
  if (given.length !== 1)
    throw usageError('say what to erase by one of --subject, --run and --entries', 'See azora audit erase --help.')
  if (run !== undefined) return { by: 'run', runId: runIdOf(run) }
  if (entries !== undefined) return { by: 'entries', entries: rangesIn(entries) }
  const parsed = PrincipalId.safeParse(subject)
  if (parsed.success) return { by: 'subject', subject: parsed.data }
  throw usageError(`${subject} is no principal`, 'Write it like user:alice or agent:repo-steward@1.0.0.')
}

function indexOf(text: string, flag: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw usageError(`${flag} is a whole number`)
}

function statementOf(
  { shard, selection, entries, digest }: ErasurePreview,
  by: string,
  { rule, reason }: EraseOptions,
): ErasureStatement {
  if (!rule || !reason)
    throw usageError('an erasure needs --rule and --reason', 'They go on record; see azora audit erase --help.')
  const at = new Date().toISOString()
  return { type: 'azora.erasure.v1', erasureId: randomUUID(), shard, selection, entries, digest, rule, reason, by, at }
}

/** Nobody erases unseen: a person says yes to what is on screen, or --yes says it beforehand. */
async function confirm(screen: Screen, preview: string, count: number, { yes }: EraseOptions): Promise<void> {
  if (yes) return
  screen.say(preview)
  if (!process.stdin.isTTY || !screen.live)
    throw usageError('an erasure needs a person', 'Look at it with --dry-run, then give --yes.')
  await askYes(`erase ${plural(count, 'payload')} for good?`, { code: 'not_erased', message: 'nothing was erased' })
}
