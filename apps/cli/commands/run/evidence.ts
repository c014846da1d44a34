import { writeFile } from 'node:fs/promises'
import { BUNDLE_SUFFIX } from '@azora/contracts'
import { verifyEvidence } from '@azora/evidence'
import type { Command } from 'commander'
import { EXIT, usageError } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { evidenceText } from '../../output/evidence.ts'
import type { AddCommand } from '../../shell.ts'

const EXAMPLES = `
Examples:
  $ azora run evidence RUN -o run.intoto.jsonl
  $ azora audit verify run.intoto.jsonl

The bundle is an in-toto bundle: a DSSE envelope on each line. It is checked here with the key of the local journal before the command says that it is good.`

export const addEvidence: AddCommand = (parent, shell) => {
  parent
    .command('evidence')
    .argument('<run>', 'id of the run')
    .option('-o, --output <file>', 'where to write the bundle (default: RUN.intoto.jsonl)')
    .description('download the evidence of a run and verify it')
    .addHelpText('after', EXAMPLES)
    .action(async (runId: string, { output }: { output?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen, trustedKey }) => {
        const id = runIdOf(runId)
        const bundle = await (await client()).evidence(id)
        const key = await trustedKey()
        const report = verifyEvidence(bundle, { trustedKey: key })
        const file = output ?? `${id}${BUNDLE_SUFFIX}`
        await writeFile(file, bundle).catch((error: Error) => {
          throw usageError(`the bundle can't be written: ${error.message}`, 'Name another file with -o.')
        })
        screen.show(
          { runId: id, file, trusted: key !== undefined, ...report },
          () => `${evidenceText(screen.style, report, key !== undefined)}\n${screen.style.quiet('written to')} ${file}`,
        )
        return report.verified ? EXIT.ok : EXIT.unverified
      })
    })
}
