import { ARTIFACT_BYTES_MAX, UPLOAD_DAYS } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { printable } from '../../output/style.ts'
import { bytes } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'
import { openFile } from './file.ts'

/** What takes a moment to send is announced. */
const LARGE_BYTES = 8 * 1024 * 1024

export const addPut: AddCommand = (artifact, shell) =>
  void artifact
    .command('put')
    .argument('<file>', `file of at most ${ARTIFACT_BYTES_MAX / 1024 ** 2} MiB`)
    .description('hand a file over, for inputs to name by its digest')
    .action(async (path: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const file = await openFile(path)
        const { digest, content } = file
        const name = printable(path)
        if (screen.live && content.size > LARGE_BYTES)
          screen.say(screen.style.quiet(`sending ${name}, ${bytes(content.size)}…`))
        const api = await client()
        await api.putArtifact(digest, content).catch(async (thrown: unknown) => {
          await file.assertUnchanged()
          throw thrown
        })
        const input = { $artifact: digest }
        screen.show({ digest, bytes: content.size, input }, () =>
          [
            `${screen.style.good('✓')} ${name}, ${bytes(content.size)}, can be named for ${UPLOAD_DAYS} days`,
            `  inputs name it as ${JSON.stringify(input)}`,
          ].join('\n'),
        )
        return EXIT.ok
      })
    })
