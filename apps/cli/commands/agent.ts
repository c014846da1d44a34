import type { AgentManifest } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { schemaText } from '../output/schema.ts'
import { printable, type Style, shorten } from '../output/style.ts'
import { facts, table } from '../output/text.ts'
import type { AddCommand } from '../shell.ts'

export const addAgent: AddCommand = (parent, shell) => {
  const agent = parent
    .command('agent')
    .description('show the agents that can be run')
    .addHelpText('after', '\nExamples:\n  $ azora agent list')
  agent
    .command('list')
    .description('list agents')
    .addHelpText('after', "\nExamples:\n  $ azora agent list\n  $ azora agent list --json | jq '.items[].agentId'")
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).agents()
        screen.show({ items }, () => {
          const rows = items.map(({ agentId, version, title }) => [agentId, version, shorten(title, 80)])
          return rows.length === 0 ? 'no agents' : table(screen.style, ['agent', 'version', 'title'], rows)
        })
        return EXIT.ok
      })
    })
  agent
    .command('show')
    .argument('<agent>', 'id of the agent')
    .description('show an agent with its input')
    .addHelpText('after', '\nExamples:\n  $ azora agent show repo-steward')
    .action(async (agentId: string, _options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const manifest = await (await client()).agent(agentId)
        screen.show(manifest, () => agentText(screen.style, manifest))
        return EXIT.ok
      })
    })
}

function agentText(style: Style, manifest: AgentManifest): string {
  const head = facts(style, [
    ['agent', `${style.strong(manifest.agentId)} ${manifest.version}`],
    ['title', printable(manifest.title)],
    ['skills', manifest.skills.join(', ')],
    ['code', `sha256:${manifest.codeDigest}`],
  ])
  return [
    head,
    printable(manifest.description),
    `${style.quiet('input')}\n${schemaText(style, manifest.inputSchema)}`,
  ].join('\n\n')
}
