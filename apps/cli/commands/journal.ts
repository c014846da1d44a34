import type { JournalKeyView, PayloadKeyView } from '@azora/contracts'
import { type Command, InvalidArgumentError } from 'commander'
import { EXIT } from '../exit.ts'
import type { Style } from '../output/style.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'
import { addCheckpoint, addProve } from './journal-proofs.ts'

const EXAMPLES = `
Examples:
  $ azora journal checkpoint
  $ azora journal prove 1042 -o 1042.tlog-proof
  $ azora journal keys
  $ azora journal rotate-key
  $ azora journal rotate-key --overlap 0

During the overlap both keys sign, so that what was permitted before can still be done. An overlap of 0 is for a key that
may have been stolen: the old one ends at once. Nodes follow by themselves; give new ones the newest key.`

const OVERLAP_SECONDS = 3_600

export const addJournal: AddCommand = (parent, shell) => {
  const journal = parent.command('journal').description('prove what is on record, and change the key that signs it')
  journal.addHelpText('after', EXAMPLES)
  addCheckpoint(journal, shell)
  addProve(journal, shell)
  journal
    .command('keys')
    .description('list the keys that signed the journal, and when they count')
    .addHelpText('after', '\nExamples:\n  $ azora journal keys')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).journalKeys()
        screen.show({ items }, () => keysText(screen.style, items))
        return EXIT.ok
      })
    })
  journal
    .command('rotate-key')
    .option('--overlap <seconds>', 'how long the old key signs too', seconds, OVERLAP_SECONDS)
    .description('let a new key sign the journal')
    .addHelpText('after', EXAMPLES)
    .action(async ({ overlap }: { overlap: number }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).rotateJournalKey({ overlapSeconds: overlap })
        screen.show({ items }, () => keysText(screen.style, items))
        return EXIT.ok
      })
    })
  journal
    .command('payload-keys')
    .description('list the keys that payloads are encrypted under in the database')
    .addHelpText('after', '\nExamples:\n  $ azora journal payload-keys')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).payloadKeys()
        screen.show({ items }, () => payloadKeysText(screen.style, items))
        return EXIT.ok
      })
    })
  journal
    .command('rotate-payload-key')
    .description('encrypt new payloads under a new key; older ones can still be read')
    .addHelpText('after', '\nExamples:\n  $ azora journal rotate-payload-key')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).rotatePayloadKey()
        screen.show({ items }, () => payloadKeysText(screen.style, items))
        return EXIT.ok
      })
    })
}

function seconds(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 86_400) return value
  throw new InvalidArgumentError('It is a whole number of seconds, up to 86400.')
}

const keysText = (style: Style, items: readonly JournalKeyView[]): string =>
  table(
    style,
    ['key', 'state', 'from', 'until'],
    items.map(({ key, state, from = 'the start', until = '' }) => [key, state, from, until]),
  )

const payloadKeysText = (style: Style, items: readonly PayloadKeyView[]): string =>
  items.length === 0
    ? style.quiet('payloads are not encrypted in the database: start the server with AZORA_ENCRYPT_PAYLOADS=on')
    : table(
        style,
        ['key', 'state', 'wrapped by', 'since'],
        items.map(({ id, state, kek, createdAt }) => [id, state, kek, createdAt]),
      )
