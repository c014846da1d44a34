import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { NodeName, type NodeView } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT, usageError } from '../exit.ts'
import { printable, type Style } from '../output/style.ts'
import { table } from '../output/text.ts'
import type { AddCommand, Shell } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora nodes list
  $ azora nodes add eu-1 --out eu-1.token
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
  addAdd(nodes, shell)
  nodes
    .command('remove')
    .argument('<node>', 'name of the node')
    .description('end a node’s token, and its connection at once')
    .addHelpText('after', '\nExamples:\n  $ azora nodes drain eu-1 && azora nodes remove eu-1')
    .action(async (name: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const id = `node:${name}`
        await (await client()).removePrincipal(id)
        screen.show({ id }, () => `removed ${id}; what it was doing is lost`)
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

const ADD_EXAMPLES = `
Examples:
  $ azora nodes add eu-1 --out eu-1.token

Bring the file to the node's machine, with the journal's key (keys/journal.vkey in the data directory), and start it there:
  $ azora node --name eu-1 --url wss://azora.example/api/v1/nodes/connect --token-file eu-1.token --journal-key-file journal.vkey`

function addAdd(nodes: Command, shell: Shell): void {
  nodes
    .command('add')
    .argument('<node>', 'name of the node: letters, digits and . _ -')
    .option('--out <file>', 'file for its token (default: NODE.token)')
    .description('let a node of this name connect, with a token of its own')
    .addHelpText('after', ADD_EXAMPLES)
    .action(async (name: string, { out }: { out?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        if (!NodeName.safeParse(name).success)
          throw usageError(`a node can't be named ${name}`, 'Use letters, digits, ".", "_" and "-".')
        const file = resolve(out ?? `${name}.token`)
        const id = `node:${name}`
        const api = await client()
        const { token } = await api.addPrincipal({ id, roles: ['node'], keys: [] })
        await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' }).catch(async (error: Error) => {
          // Without the file nobody could ever connect as it.
          await api.removePrincipal(id)
          throw usageError(`${file} can't be written: ${error.message}`, 'Name another file with --out.')
        })
        screen.show({ id, file }, () => `added ${id}; its token is in ${file}`)
        return EXIT.ok
      })
    })
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
