import type { NodeView } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { printable, type Style } from '../output/style.ts'
import { table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora nodes list
  $ azora nodes drain eu-1
  $ azora nodes resume eu-1

A node that is drained finishes what it has and is given nothing more; then it can be stopped without losing anything. To
start one, see azora node --help.`

/** The execution nodes that are connected. */
export const addNodes: AddCommand = (parent, shell) => {
  const nodes = parent.command('nodes').description('see and drain the execution nodes').addHelpText('after', EXAMPLES)
  nodes
    .command('list')
    .description('list the nodes that are connected')
    .addHelpText('after', '\nExamples:\n  $ azora nodes list --json')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).nodes()
        screen.show({ items }, () => nodesText(screen.style, items))
        return EXIT.ok
      })
    })
  for (const verb of ['drain', 'resume'] as const) {
    nodes
      .command(verb)
      .argument('<node>', 'name of the node')
      .description(verb === 'drain' ? 'give a node nothing more' : 'let a drained node be given work again')
      .addHelpText('after', `\nExamples:\n  $ azora nodes ${verb} eu-1`)
      .action(async (name: string, _options: object, self: Command) => {
        await shell.perform(self, async ({ client, screen }) => {
          const api = await client()
          const node = await (verb === 'drain' ? api.drainNode(name) : api.resumeNode(name))
          screen.show(node, () => nodesText(screen.style, [node]))
          return EXIT.ok
        })
      })
  }
}

function nodesText(style: Style, items: readonly NodeView[]): string {
  if (items.length === 0) return 'no node is connected: nothing can be performed'
  return table(
    style,
    ['node', 'shard', 'state', 'busy', 'isolation', 'version'],
    items.map(({ node, shard, state, busy, capacity, isolation, version }) =>
      [node, shard, state, `${busy} of ${capacity}`, isolation, version].map(printable),
    ),
  )
}
