import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { bytes, facts, time } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'
import { uploadOf } from './which.ts'

export const addShow: AddCommand = (artifact, shell) =>
  void artifact
    .command('show')
    .argument('<digest>', 'digest of a file that was handed over, or the beginning of it')
    .description('say how large a file is that was handed over, and until when it can be named')
    .action(async (given: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const upload = await uploadOf(await client(), given)
        screen.show(upload, () =>
          facts(screen.style, [
            ['digest', upload.digest],
            ['size', `${bytes(upload.bytes)} (${upload.bytes} bytes)`],
            ['handed over', `${time(upload.at)} UTC`],
            ['until', `${time(upload.until)} UTC`],
            ['named as', JSON.stringify({ $artifact: upload.digest })],
          ]),
        )
        return EXIT.ok
      })
    })
