import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import type { AddCommand } from '../../shell.ts'
import { uploadOf } from './which.ts'

export const addRemove: AddCommand = (artifact, shell) =>
  void artifact
    .command('remove')
    .argument('<digest>', 'digest of a file that was handed over, or the beginning of it')
    .description('remove a file that was handed over; runs that took it keep their own')
    .action(async (given: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const api = await client()
        const { digest } = await uploadOf(api, given)
        await api.removeUpload(digest)
        screen.show({ removed: digest }, () => `${screen.style.good('✓')} ${digest} is removed`)
        return EXIT.ok
      })
    })
