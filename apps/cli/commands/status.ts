import type { Health } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { printable, type Style } from '../output/style.ts'
import { duration, facts, plural } from '../output/text.ts'
import { witnessingFacts } from '../output/witnessing.ts'
import type { AddCommand } from '../shell.ts'

export const addStatus: AddCommand = (parent, shell) => {
  parent
    .command('status')
    .description('show the health of the server, its nodes and its journal')
    .addHelpText('after', '\nExamples:\n  $ azora status\n  $ azora status --json | jq .journal')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const health = await (await client()).status()
        screen.show(health, () => statusText(screen.style, health))
        return EXIT.ok
      })
    })
}

export function statusText(style: Style, health: Health): string {
  const status = health.status === 'ok' ? style.good('ok') : style.heed(health.status)
  const database = health.database === 'ok' ? 'ok' : style.bad(health.database)
  const runs = Object.entries(health.runs).map(([state, count]) => `${count} ${state}`)
  const nodes = health.nodes.map(
    ({ node, shard, busy, capacity, state, isolation }) =>
      `${node} (shard ${shard}, ${busy} of ${capacity} busy, ${state === 'ready' ? '' : `${state}, `}${printable(isolation)})`,
  )
  return facts(style, [
    ['status', `${status}, version ${health.version}, up ${duration(health.uptimeMs)}`],
    ['database', database],
    ['nodes', nodes.length === 0 ? style.heed('none: nothing can be performed') : nodes.join(', ')],
    ['', unisolatedText(style, health)],
    ['constitution', health.constitution.slice(0, 16)],
    ['', health.constitutionNote === undefined ? undefined : style.heed(printable(health.constitutionNote))],
    [
      'journal',
      `${health.journal.shard}: ${plural(health.journal.size, 'entry', 'entries')}, epoch ${health.journal.epoch}`,
    ],
    ['journal key', health.journal.key],
    ...witnessingFacts(style, health.witnessing),
    ['grpc', health.grpc === undefined ? undefined : printable(health.grpc)],
    ['runs', runs.length === 0 ? 'none' : runs.join(', ')],
  ])
}

function unisolatedText(style: Style, { nodes }: Health): string | undefined {
  const names = nodes.filter(({ isolation }) => isolation === 'none').map(({ node }) => printable(node))
  return names.length === 0
    ? undefined
    : style.bad(`WITHOUT ISOLATION: ${names.join(', ')} runs skills with all its rights`)
}
