import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { outcomesText } from '../../output/constitution.ts'
import type { AddCommand } from '../../shell.ts'
import { aboutLaw, constitutionFolder } from './folder.ts'

const EXAMPLES = `
Examples:
  $ azora constitution test
  $ azora constitution test ./constitution --json

No server is needed. Exit code 1 when a case has another verdict or other rules than it expects.`

export const addTest: AddCommand = (parent, shell) => {
  parent
    .command('test')
    .argument('[folder]', "constitution's folder (default: constitution here, or the project's)")
    .description('judge the cases of a constitution by its law')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, _options: object, self: Command) => {
      await shell.perform(self, async ({ screen }) => {
        const folder = await constitutionFolder(given)
        const { outcomes, digest } = await aboutLaw(folder, () => runFolder(folder))
        const failures = outcomes.filter(({ passed }) => !passed)
        const result = { folder, constitution: digest, cases: outcomes.length, failed: failures.length, failures }
        screen.show(result, () => outcomesText(screen.style, outcomes))
        return failures.length === 0 ? EXIT.ok : EXIT.failed
      })
    })
}

async function runFolder(folder: string) {
  const { enact, lawFilesOf, readCases, readConstitution, runCases } = await import('@azora/law')
  const files = await readConstitution(folder)
  const constitution = enact(lawFilesOf(files))
  return { outcomes: runCases(constitution, readCases(files)), digest: constitution.digest }
}
