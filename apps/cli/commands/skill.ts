import { limitsOf, type SkillManifest } from '@azora/contracts'
import type { Command } from 'commander'
import { EXIT } from '../exit.ts'
import { schemaText } from '../output/schema.ts'
import { printable, type Style, shorten } from '../output/style.ts'
import { facts, table } from '../output/text.ts'
import { limitsText } from '../output/usage.ts'
import type { AddCommand } from '../shell.ts'
import { addInvoke } from './skill-invoke.ts'

export const addSkill: AddCommand = (parent, shell) => {
  const skill = parent
    .command('skill')
    .description('show and invoke skills')
    .addHelpText('after', '\nExamples:\n  $ azora skill list')
  skill
    .command('list')
    .description('list skills')
    .addHelpText('after', '\nExamples:\n  $ azora skill list\n  $ azora skill list --json | jq -r .items[].skillId')
    .action(async (_options: object, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const items = await (await client()).skills()
        screen.show({ items }, () => {
          const rows = items.map((item) => [
            item.skillId,
            item.version,
            item.effects.join(', '),
            shorten(item.title, 80),
          ])
          return rows.length === 0 ? 'no skills' : table(screen.style, ['skill', 'version', 'effects', 'title'], rows)
        })
        return EXIT.ok
      })
    })
  skill
    .command('show')
    .argument('<skill>', 'id of the skill')
    .option('--skill-version <version>', 'version (default: the newest)')
    .description('show a skill with its effects, input and output')
    .addHelpText('after', '\nExamples:\n  $ azora skill show git.clone')
    .action(async (skillId: string, { skillVersion }: { skillVersion?: string }, self: Command) => {
      await shell.perform(self, async ({ client, screen }) => {
        const manifest = await (await client()).skill(skillId, skillVersion)
        screen.show(manifest, () => skillText(screen.style, manifest))
        return EXIT.ok
      })
    })
  addInvoke(skill, shell)
}

const secretsText = (slots: SkillManifest['secrets'] = {}): string =>
  Object.entries(slots)
    .map(([slot, { name, mode }]) => `${slot} (named at ${name}, ${mode})`)
    .join(', ')

function skillText(style: Style, manifest: SkillManifest): string {
  const { resources } = manifest
  const head = facts(style, [
    ['skill', `${style.strong(manifest.skillId)} ${manifest.version}`],
    ['title', printable(manifest.title)],
    ['effects', manifest.effects.join(', ')],
    ['idempotent', manifest.idempotent ? 'yes' : 'no'],
    ['workspace', manifest.workspace],
    ['driver', manifest.driver ?? 'process'],
    ['reads', resources.read.join(', ')],
    ['writes', resources.write.join(', ')],
    ['reaches', resources.urls.join(', ')],
    ['secrets', secretsText(manifest.secrets)],
    ['limits', limitsText(limitsOf(manifest.limits))],
    ['policies', manifest.policies.join(', ')],
    ['code', `sha256:${manifest.codeDigest}`],
  ])
  const input = `${style.quiet('input')}\n${schemaText(style, manifest.inputSchema)}`
  const output = `${style.quiet('output')}\n${schemaText(style, manifest.outputSchema)}`
  return [head, printable(manifest.description), input, output].join('\n\n')
}
