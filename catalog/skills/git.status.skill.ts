import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { commitOf, complaint, tryGit } from '../lib/git.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_CHANGES = 1000

export default defineSkill({
  skillId: 'git.status',
  version: '1.1.0',
  title: 'Show changes',
  description: 'Lists what differs between a checkout of the workspace and its head commit.',
  input: z.strictObject({ directory: WorkspacePath.default('repo') }),
  output: z.strictObject({
    branch: z.string().nullable(),
    head: z.string().nullable(),
    clean: z.boolean(),
    /** Two-letter states of git-status(1), such as ` M` or `??`. */
    changes: z.array(z.strictObject({ path: z.string(), state: z.string() })).max(MAX_CHANGES),
    truncated: z.boolean(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'read',
  run: async (input, { workspace }) => {
    const directory = await resolveDirectory(workspace, input.directory)
    const result = await tryGit(directory, [
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--ignore-submodules=all',
    ])
    if (result.exitCode !== 0) throw new SkillError('not_a_repository', `${input.directory}: ${complaint(result)}`)
    const records = result.stdout.split('\0').filter((record) => record.length > 3)
    const changes = records.map((record) => ({ state: record.slice(0, 2), path: record.slice(3) }))
    const branch = await tryGit(directory, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
    return {
      branch: branch.exitCode === 0 ? branch.stdout.trim() : null,
      head: await commitOf(directory, 'HEAD'),
      clean: changes.length === 0 && !result.truncated,
      changes: changes.slice(0, MAX_CHANGES),
      truncated: result.truncated || changes.length > MAX_CHANGES,
    }
  },
})
