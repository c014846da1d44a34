import type { ActivationStatement, ConstitutionView } from '@azora/contracts'
import { signStatement } from '@azora/proof'
import type { Client } from '@azora/sdk/client'
import type { Command } from 'commander'
import { EXIT, usageError } from '../../exit.ts'
import type { Screen } from '../../output/screen.ts'
import { askYes } from '../../prompt.ts'
import type { AddCommand } from '../../shell.ts'
import { ownerSigner, ownerSignerIn } from '../../signing.ts'
import { differenceOf, differenceText } from './difference.ts'
import { type Draft, draftIn } from './draft.ts'

interface ActivateOptions {
  key?: string
  rollback?: boolean
  withoutCases?: boolean
  yes?: boolean
}

const EXAMPLES = `
Examples:
  $ azora constitution activate constitution
  $ azora constitution activate draft --key ~/keys/owner.key -y
  $ azora constitution activate old --rollback

The activation is signed here with the owner's private key, which never leaves this machine, and goes on record.`

export const addActivate: AddCommand = (parent, shell) => {
  parent
    .command('activate')
    .argument('<folder>', 'folder of the constitution')
    .option('--key <file>', "owner's private key (default: the one in the data directory)")
    .option('--rollback', 'the law was in force before, and is meant to come back')
    .option('--without-cases', 'put it in force although its cases were not tried; goes on record')
    .option('-y, --yes', 'activate without asking')
    .description('put a law in force')
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string, options: ActivateOptions, self: Command) => {
      await shell.perform(self, async ({ client, screen, dataDir }) => {
        const api = await client()
        const { signer } = await (options.key === undefined ? ownerSigner(dataDir) : ownerSignerIn(options.key))
        const [draft, view] = await Promise.all([draftIn(folder), api.constitution()])
        await confirm(screen, await changesText(api, screen, view, draft), options)
        const statement = statementFor(view, draft, options)
        const activated = await api.activateConstitution({ ...signStatement(statement, signer), files: draft.files })
        screen.show(
          activated,
          () =>
            `${screen.style.good('✓')} the law ${activated.digest.slice(0, 16)} is in force (activation ${activated.sequence})`,
        )
        return EXIT.ok
      })
    })
}

function statementFor(view: ConstitutionView, draft: Draft, options: ActivateOptions): ActivationStatement {
  return {
    type: 'azora.constitution.v1',
    constitution: draft.digest,
    sequence: view.sequence + 1,
    previous: view.digest ?? null,
    at: new Date().toISOString(),
    ...(options.rollback && { rollback: true }),
    ...(options.withoutCases && { withoutCases: true }),
  }
}

async function changesText(api: Client, { style }: Screen, view: ConstitutionView, draft: Draft): Promise<string> {
  const known = view.digest !== undefined && view.problem === undefined
  const files = known && view.digest !== undefined ? await api.constitutionFiles(view.digest) : []
  const heading = `${view.digest?.slice(0, 16) ?? 'no law'} → ${style.strong(draft.digest.slice(0, 16))} (${draft.folder})`
  return `${heading}\n${differenceText(style, differenceOf({ articles: view.articles, files }, draft))}`
}

/** Nobody changes the law unseen: a person says yes to what is on screen, or --yes says it beforehand. */
async function confirm(screen: Screen, changes: string, { yes }: ActivateOptions): Promise<void> {
  screen.say(changes)
  if (yes) return
  if (!process.stdin.isTTY || !screen.live)
    throw usageError('an activation needs a person', 'Look at the changes, then give --yes.')
  await askYes('put this law in force?', { code: 'not_activated', message: 'nothing was changed' })
}
