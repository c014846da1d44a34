import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { ConstitutionFile } from '@azora/contracts'
import type { LawFile } from '@azora/law'
import type { Command } from 'commander'
import { EXIT } from '../../exit.ts'
import { gateText } from '../../output/constitution.ts'
import type { AddCommand } from '../../shell.ts'
import { untestedAgents } from './agents.ts'
import { aboutLaw, constitutionFolder } from './folder.ts'
import { openRepository, type Repository } from './git.ts'

interface GateOptions {
  base: string
  folder?: string
  agents: string
}

/** Why a change may not go in, or a weakening that it owns up to. */
export interface GateReason {
  kind: string
  /** Path below the repository's root. */
  file: string
  policy?: string
  message: string
  /** False for a weakening that a case shows and that CONSTITUTION.md explains. */
  fails: boolean
  /** What would let the change pass. */
  remedies: string[]
}

const EXAMPLES = `
Examples:
  $ azora constitution gate --base origin/main
  $ azora constitution gate --base "$(git merge-base origin/main HEAD)" --json
  $ azora constitution gate --base HEAD --folder constitution --agents 'catalog/agents/**'

No server is needed. Compares the working tree with a commit. A change that weakens the law passes when a new or changed
case shows it and the section of its article in CONSTITUTION.md changed. A change of an agent passes with one of its
tests. Exit code 1 when the change may not go in.`

export const addGate: AddCommand = (parent, shell) => {
  parent
    .command('gate')
    .requiredOption('--base <ref>', 'commit, tag or branch to compare with')
    .option('--folder <folder>', "constitution's folder (default: constitution here, or the project's)")
    .option('--agents <glob>', 'code of agents, below the root of the repository', 'catalog/agents/**')
    .description('refuse a change that weakens the law, or an agent, without saying so')
    .addHelpText('after', EXAMPLES)
    .action(async (options: GateOptions, self: Command) => {
      await shell.perform(self, async ({ screen }) => {
        const folder = await constitutionFolder(options.folder)
        const repository = await openRepository(folder, options.base)
        const reasons = [
          ...(await lawReasons(repository, folder, options.base)),
          ...(await agentReasons(repository, options.agents)),
        ]
        const passed = !reasons.some(({ fails }) => fails)
        const { commit } = repository
        screen.show({ base: options.base, commit, passed, reasons }, () => gateText(screen.style, passed, reasons))
        return passed ? EXIT.ok : EXIT.failed
      })
    })
}

/** None when the commit has no constitution yet: there is nothing to weaken. */
async function lawReasons(repository: Repository, folder: string, ref: string): Promise<GateReason[]> {
  const path = await repository.pathOf(folder)
  const below = (await repository.list(path))
    .map((file) => file.slice(path.length + 1))
    .filter((name) => ConstitutionFile.shape.name.safeParse(name).success)
  if (below.length === 0) return []
  const { compareLaws, enact, lawFilesOf, readConstitution } = await import('@azora/law')
  const before: LawFile[] = []
  for (const name of below) before.push({ name, text: await repository.read(`${path}/${name}`) })
  await aboutLaw(`the constitution at ${ref}`, () => enact(lawFilesOf(before)))
  const weakenings = await aboutLaw(folder, async () => compareLaws(before, await readConstitution(folder)))
  return weakenings.map(({ kind, article, rule, file, message, covered, explained }) => ({
    kind,
    file: `${path}/${file}`,
    ...(rule === undefined ? {} : { policy: rule }),
    message,
    fails: !covered || !explained,
    remedies: [
      ...(covered ? [] : [`Add or change a case in ${path}/cases that shows it.`]),
      ...(explained ? [] : [`Say why in the section "Article ${article}" of ${path}/CONSTITUTION.md.`]),
    ],
  }))
}

async function agentReasons(repository: Repository, glob: string): Promise<GateReason[]> {
  const untested = untestedAgents(glob, await repository.changed())
  const present = await Promise.all(
    untested.map(({ files }) =>
      Promise.any(files.map((file) => access(join(repository.root, file)))).then(
        () => true,
        // Of what was deleted altogether nothing is left to be tested.
        () => false,
      ),
    ),
  )
  return untested
    .filter((_, at) => present[at])
    .map(({ agent, files }) => ({
      kind: 'agent_untested',
      file: files[0] ?? agent,
      message: `The code of ${agent} changed (${files.length === 1 ? '1 file' : `${files.length} files`}), but none of its tests.`,
      fails: true,
      remedies: [`Add or change a test in ${agent} that shows the new behaviour.`],
    }))
}
