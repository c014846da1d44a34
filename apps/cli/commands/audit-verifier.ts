import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora audit verifier
  $ azora audit verifier -o /tmp/azora-verify.mjs
  $ node azora-verify.mjs run.intoto.jsonl --trusted-key @journal.vkey

The file needs no Azora: it runs on any Node.js from 20 on, and in a browser as a module that exports verifyEvidence.`

export const addVerifier: AddCommand = (parent, shell) => {
  parent
    .command('verifier')
    .option('-o, --output <file>', 'where to write it', 'azora-verify.mjs')
    .description('write the verifier of bundles as one file for those who have no Azora')
    .addHelpText('after', EXAMPLES)
    .action(async ({ output: file }: { output: string }, self: Command) => {
      await shell.perform(self, async ({ screen }) => {
        const { bundleVerifier } = await import('../verifier/bundle.ts')
        const code = await bundleVerifier()
        await writeFile(file, code).catch((error: Error) => {
          throw usageError(`the verifier can't be written: ${error.message}`, 'Name another file with -o.')
        })
        const sha256 = createHash('sha256').update(code).digest('hex')
        const bytes = Buffer.byteLength(code)
        screen.show(
          { file, bytes, sha256 },
          () => `${screen.style.quiet('written to')} ${file} (${bytes} bytes, SHA-256 ${sha256})`,
        )
        return EXIT.ok
      })
    })
}
