import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { commitOf, git, tryGit } from '../lib/git.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const MAX_COMMITS = 200
/** Fields are separated by a character that git writes for `%x1f`, commits end with `%x1e`. */
const FORMAT = '%H%x1f%an%x1f%aI%x1f%s%x1e'

const Commit = z.strictObject({
  commit: z.string(),
  author: z.string(),
  /** RFC 3339, in the author's time zone. */
  at: z.string(),
  subject: z.string(),
})

function parseLog(text: string): Array<z.infer<typeof Commit>> {
  return text
    .split('\x1e')
    .map((record) => record.trim().split('\x1f'))
    .filter((fields) => fields.length === 4)
    .map(([commit = '', author = '', at = '', subject = '']) => ({
      commit,
      author: author.slice(0, 200),
      at,
      subject: subject.slice(0, 300),
    }))
}

export default defineSkill({
  skillId: 'git.log',
  version: '1.1.0',
  title: 'Show history',
  description: 'Lists the newest commits of a checkout of the workspace and counts commits and authors.',
  input: z.strictObject({
    directory: WorkspacePath.default('repo'),
    limit: z.int().min(1).max(MAX_COMMITS).default(20),
  }),
  output: z.strictObject({
    commits: z.array(Commit).max(MAX_COMMITS),
    /** Commits that are reachable here; the repository may have more when `shallow`. */
    total: z.int(),
    authors: z.int(),
    shallow: z.boolean(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'read',
  run: async (input, { workspace }) => {
    const directory = await resolveDirectory(workspace, input.directory)
    const probe = await tryGit(directory, ['rev-parse', '--is-shallow-repository'])
    if (probe.exitCode !== 0) throw new SkillError('not_a_repository', `${input.directory} is no git checkout`)
    const shallow = probe.stdout.trim() === 'true'
    if ((await commitOf(directory, 'HEAD')) === null) return { commits: [], total: 0, authors: 0, shallow }
    const log = await git(directory, ['log', '--no-show-signature', `--max-count=${input.limit}`, `--format=${FORMAT}`])
    const authors = await git(directory, ['shortlog', '-s', '-e', 'HEAD'])
    return {
      commits: parseLog(log),
      total: Number(await git(directory, ['rev-list', '--count', 'HEAD'])),
      authors: authors.split('\n').filter((line) => line !== '').length,
      shallow,
    }
  },
})
