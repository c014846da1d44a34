import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { findingsText } from '../../output/constitution.ts'
import type { AddCommand } from '../../shell.ts'
import { aboutLaw, constitutionFolder } from './folder.ts'

const EXAMPLES = `
Examples:
  $ azora constitution check
  $ azora constitution check ./constitution --json

No server is needed. Says only what it can prove. Exit code 1 when the law is invalid or a finding is an error.`

export const addCheck: AddCommand = (parent, shell) => {
  parent
    .command('check')
    .argument('[folder]', "constitution's folder (default: constitution here, or the project's)")
    .description('find contradictions, dead policies and missing documents in a constitution')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string | undefined, _options: object, self: Command) => {
      await shell.perform(self, async ({ screen }) => {
        const folder = await constitutionFolder(given)
        const { findings, digest } = await aboutLaw(folder, () => checkFolder(folder))
        screen.show({ folder, constitution: digest, findings }, () => findingsText(screen.style, findings))
        return findings.some(({ severity }) => severity === 'error') ? EXIT.failed : EXIT.ok
      })
    })
}

async function checkFolder(folder: string) {
  const { checkLaw, enact, lawFilesOf, readConstitution } = await import('@azora/law')
  const files = await readConstitution(folder)
  return { digest: enact(lawFilesOf(files)).digest, findings: checkLaw(files) }
}
