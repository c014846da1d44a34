import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { writeCommit } from '../lib/commit.ts'
import { commitOf, complaint, git, RECEIVE_PACK, tryGit } from '../lib/git.ts'
import { BranchName, CommitId, listRemote, locate, Repository } from '../lib/repository.ts'
import { withScratchRepository } from '../lib/scratch-repository.ts'
import { resolveDirectory, WorkspacePath } from '../lib/workspace-path.ts'

const PUSH_MS = 240_000

/** A path inside the commit, which git itself would accept. */
const FilePath = z
  .string()
  .max(400)
  .regex(/^[^/\0\n]+(\/[^/\0\n]+)*$/, 'must be a relative path')
  .refine(
    (value) => !value.split('/').some((part) => /^(\.{1,2}|\.git)$/i.test(part)),
    'must not hold ".", ".." or ".git"',
  )

type Pushed = { pushed: true } | { pushed: false; reason: string }

/** Creates the branch at the target, or says why that can't be. */
async function push(scratch: string, url: string, commit: string, branch: string): Promise<Pushed | 'exists'> {
  const ref = `refs/heads/${branch}`
  // An empty lease lets the ref be created and nothing else, also when somebody creates it at the same moment.
  const args = ['push', '--quiet', '--porcelain', `--receive-pack=${RECEIVE_PACK}`, `--force-with-lease=${ref}:`]
  const result = await tryGit(scratch, [...args, '--', url, `${commit}:${ref}`], { timeoutMs: PUSH_MS })
  if (result.exitCode === 0) return { pushed: true }
  if (/stale info/.test(result.output)) return 'exists'
  return { pushed: false, reason: complaint(result) }
}

const branchExists = (branch: string): SkillError =>
  new SkillError(
    'branch_exists',
    `branch ${branch} exists at another commit and is not overwritten; choose another name`,
  )

function pushFailed(localPath: string, reason: string): SkillError {
  const unwritable = /unable to create temporary object directory|Permission denied|Read-only file system/.test(reason)
  return unwritable
    ? new SkillError('not_writable', `${localPath} can't be written by the user that the node runs as`)
    : new SkillError('push_failed', `git push: ${reason}`)
}

export default defineSkill({
  skillId: 'git.publish-branch',
  version: '1.1.0',
  title: 'Publish a branch',
  description:
    'Puts files in one commit on top of a base commit and pushes it as a new branch below azora/. No other branch and no working tree of the target is touched; nothing is ever overwritten.',
  input: z.strictObject({
    repository: Repository,
    /** The clone, made by git.clone. */
    directory: WorkspacePath,
    branch: BranchName.refine((name) => name.startsWith('azora/'), 'must start with "azora/"'),
    files: z
      .array(z.strictObject({ path: FilePath, content: z.string().max(1_000_000) }))
      .min(1)
      .max(50),
    message: z.string().min(1).max(5000),
    /** The clone's head when absent; null for a commit without parent. */
    base: CommitId.nullable().optional(),
  }),
  output: z.strictObject({
    branch: z.string(),
    commit: z.string(),
    base: z.string().nullable(),
    pushed: z.boolean(),
    /** Why it was not pushed; the branch is then in the clone only. */
    reason: z.string().optional(),
  }),
  effects: ['external'],
  idempotent: true,
  workspace: 'write',
  resources: { write: ['/repository'], urls: ['/repository'] },
  formats: { '/directory': 'path', '/files/*/path': 'path', '/files/*/content': 'code', '/message': 'text' },
  limits: { wallMs: 300_000, fileBytes: 17_179_869_184 },
  run: async ({ repository, directory, branch, files, message, base }, { workspace, runId }) => {
    const clone = await resolveDirectory(workspace, directory)
    const parent = base === undefined ? await commitOf(clone, 'HEAD') : base
    const { url, localPath } = locate(repository)
    const remote = await listRemote(workspace, repository)
    return await withScratchRepository(localPath ?? clone, async (scratch) => {
      if (parent !== null && (await commitOf(scratch, parent)) === null) {
        throw new SkillError('base_missing', `the repository has no commit ${parent}`)
      }
      const commit = await writeCommit(scratch, { base: parent, files, message, runId })
      const present = remote.branches.get(branch)
      if (present !== undefined && present !== commit) throw branchExists(branch)
      const published: Pushed | 'exists' =
        present === commit ? { pushed: true } : await push(scratch, url, commit, branch)
      if (published === 'exists') throw branchExists(branch)
      if (!published.pushed) {
        if (localPath !== null) throw pushFailed(localPath, published.reason)
        await git(scratch, [
          'push',
          '--quiet',
          '--force',
          `--receive-pack=${RECEIVE_PACK}`,
          '--',
          locate(clone).url,
          `${commit}:refs/heads/${branch}`,
        ])
      }
      return { branch, commit, base: parent, ...published }
    })
  },
})
