import type { RunDetail, UploadView } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { runIdOf } from '../../inputs.ts'
import { printable, type Style } from '../../output/style.ts'
import { table, time } from '../../output/text.ts'
import type { AddCommand } from '../../shell.ts'

export const addList: AddCommand = (artifact, shell) =>
  void artifact
    .command('list')
    .argument('[run]', 'id of a run (default: what was handed over)')
    .description('list what was handed over, or what the actions of a run left behind')
    .action(async (run: string | undefined, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const runId = run === undefined ? undefined : runIdOf(run)
        const api = await client()
        if (runId === undefined) {
          const items = await api.uploads()
          screen.show({ items }, () => uploadsText(screen.style, items))
        } else {
          const items = artifactsOf(await api.run(runId))
          screen.show({ items }, () => artifactsText(screen.style, items))
        }
        return EXIT.ok
      })
    })

export interface Listed {
  stepId: string
  name: string
  bytes: number
  digest: string
}

export const artifactsOf = ({ actions }: RunDetail): Listed[] =>
  actions.flatMap(({ stepId, artifacts = [] }) => artifacts.map((artifact) => ({ stepId, ...artifact })))

function artifactsText(style: Style, items: readonly Listed[]): string {
  if (items.length === 0) return 'its actions left nothing behind'
  return table(
    style,
    ['step', 'what', 'bytes', 'digest'],
    items.map(({ stepId, name, bytes, digest }) => [stepId, printable(name), String(bytes), digest]),
  )
}

function uploadsText(style: Style, items: readonly UploadView[]): string {
  if (items.length === 0) return style.quiet('nothing was handed over: azora artifact put FILE')
  return table(
    style,
    ['handed over (UTC)', 'until', 'bytes', 'digest'],
    items.map(({ at, until, bytes, digest }) => [time(at), time(until), String(bytes), digest]),
  )
}
