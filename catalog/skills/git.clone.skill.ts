import { rm } from 'node:fs/promises'
import path from 'node:path'
import { defineSkill, SkillError } from '@azora/sdk'
import { z } from 'zod'
import { complaint, git, tryGit, UPLOAD_PACK } from '../lib/git.ts'
import { listRemote, locate, type Remote, Repository } from '../lib/repository.ts'
import { treeTotals } from '../lib/tree.ts'
import { resolveInWorkspace, WorkspacePath } from '../lib/workspace-path.ts'

const WALL_MS = 900_000

/** The branch to check out: the one of HEAD, else a usual name, else the first. */
function chooseBranch(remote: Remote): string | null {
  if (remote.headBranch !== null && remote.branches.has(remote.headBranch)) return remote.headBranch
  if (remote.head !== null) return null
  return ['main', 'master'].find((name) => remote.branches.has(name)) ?? [...remote.branches.keys()].sort()[0] ?? null
}

async function isBare(localPath: string | null): Promise<boolean | null> {
  if (localPath === null) return null
  return (await git(localPath, ['rev-parse', '--is-bare-repository'])) === 'true'
}

/** The branch that a first commit would create. */
async function unbornBranch(clone: string): Promise<string | null> {
  const result = await tryGit(clone, ['symbolic-ref', '--quiet', '--short', 'HEAD'])
  return result.exitCode === 0 ? result.stdout.trim() : null
}

export default defineSkill({
  skillId: 'git.clone',
  version: '1.1.0',
  title: 'Clone a repository',
  description:
    'Copies the default branch of a git repository with its recent history into the workspace. Hooks, submodules and LFS objects of the repository are left alone.',
  input: z.strictObject({
    repository: Repository,
    /** Replaced when it exists. */
    directory: WorkspacePath.default('repo'),
    /** Commits of history at most. */
    depth: z.int().min(1).max(100_000).default(200),
  }),
  output: z.strictObject({
    directory: z.string(),
    /** Null for a repository without commits. */
    head: z.string().nullable(),
    /** Null when HEAD is detached. */
    branch: z.string().nullable(),
    /** Null when it can't be told, as over HTTP. */
    bare: z.boolean().nullable(),
    empty: z.boolean(),
    /** Files of the head commit and the sum of their sizes. */
    files: z.int(),
    bytes: z.int(),
  }),
  effects: ['read'],
  idempotent: true,
  workspace: 'write',
  resources: { read: ['/repository'], urls: ['/repository'] },
  limits: { wallMs: WALL_MS, fileBytes: 17_179_869_184, diskBytes: 34_359_738_368 },
  run: async ({ repository, directory, depth }, { workspace }) => {
    const target = await resolveInWorkspace(workspace, directory)
    if (target === (await resolveInWorkspace(workspace, '.'))) {
      throw new SkillError('directory_invalid', 'clone into a directory below the workspace, not into itself')
    }
    const { url, localPath } = locate(repository)
    const remote = await listRemote(workspace, repository)
    const bare = await isBare(localPath)
    const branch = chooseBranch(remote)
    await rm(target, { recursive: true, force: true })

    const args = [
      'clone',
      '--quiet',
      '--no-tags',
      '--single-branch',
      `--depth=${depth}`,
      `--upload-pack=${UPLOAD_PACK}`,
    ]
    if (branch !== null) args.push(`--branch=${branch}`)
    const result = await tryGit(workspace, [...args, '--', url, target], { timeoutMs: WALL_MS - 30_000 })
    if (result.exitCode !== 0) throw new SkillError('clone_failed', `git clone: ${complaint(result)}`)

    const shown = path.normalize(directory)
    const head = remote.branches.size === 0 && remote.head === null ? null : await git(target, ['rev-parse', 'HEAD'])
    if (head === null) {
      return { directory: shown, head, branch: await unbornBranch(target), bare, empty: true, files: 0, bytes: 0 }
    }
    const { files, bytes } = await treeTotals(target)
    return { directory: shown, head, branch, bare, empty: false, files, bytes }
  },
})
