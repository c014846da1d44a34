import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { commitOf, complaint, RECEIVE_PACK, tryGit } from '../lib/git.ts'
import { BranchName, CommitId, listRemote, locate, Repository } from '../lib/repository.ts'
import { withScratchRepository } from '../lib/scratch-repository.ts'

const PUSH_MS = 240_000

async function forcePush(scratch: string, url: string, commit: string, branch: string, expected: string | null) {
  const ref = `refs/heads/${branch}`
  const args = [
    'push',
    '--quiet',
    '--porcelain',
    `--receive-pack=${RECEIVE_PACK}`,
    `--force-with-lease=${ref}:${expected ?? ''}`,
  ]
  const result = await tryGit(scratch, [...args, '--', url, `${commit}:${ref}`], { timeoutMs: PUSH_MS })
  if (result.exitCode === 0) return
  if (/stale info/.test(result.output)) {
    throw new SkillError('branch_moved', `branch ${branch} moved meanwhile; look at it again before rewriting it`)
  }
  throw new SkillError('push_failed', `git push: ${complaint(result)}`)
}

export default defineSkill({
  skillId: 'git.rewrite-branch',
  version: '1.1.0',
  title: 'Rewrite a branch',
  description:
    'Points an existing or new branch at a commit that the repository already has, discarding whatever the branch held. A working tree that has it checked out follows if it is clean.',
  input: z.strictObject({ repository: Repository, branch: BranchName, commit: CommitId }),
  output: z.strictObject({
    branch: z.string(),
    commit: z.string(),
    /** Where the branch was; null when it is new. */
    previous: z.string().nullable(),
  }),
  effects: ['destructive'],
  idempotent: false,
  workspace: 'none',
  resources: { write: ['/repository'], urls: ['/repository'] },
  limits: { wallMs: 300_000, fileBytes: 17_179_869_184 },
  run: async ({ repository, branch, commit }) => {
    const { url, localPath } = locate(repository)
    const remote = await listRemote('/', repository)
    const previous = remote.branches.get(branch) ?? null
    if (previous === commit) return { branch, commit, previous }
    if (localPath === null) {
      throw new SkillError('not_local', 'branches are rewritten in repositories of this host only; name a path')
    }
    await withScratchRepository(localPath, async (scratch) => {
      if ((await commitOf(scratch, commit)) === null) {
        throw new SkillError('commit_missing', `the repository has no commit ${commit}`)
      }
      await forcePush(scratch, url, commit, branch, previous)
    })
    return { branch, commit, previous }
  },
})
