import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { SkillError } from '@azora/sdk'
import { z } from 'zod'
import { complaint, tryGit, UPLOAD_PACK } from './git.ts'

const isUrl = (value: string): boolean => /^(https?|file):\/\//.test(value)

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  return url.username === '' && url.password === ''
}

/** Where a git repository is: an absolute path, or an http(s) or file URL without credentials. */
export const Repository = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^(\/|https?:\/\/|file:\/\/\/)[^\0\n]*$/, 'use an absolute path or an http, https or file URL')
  .refine((value) => !isUrl(value) || isPlainUrl(value), 'must be a valid URL that carries no user name or password')

/** Full name of a commit, SHA-1 or SHA-256. */
export const CommitId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'expected a full commit id')

/** Name of a branch without `refs/heads/`, in the safe part of what git-check-ref-format(1) allows. */
export const BranchName = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
    'use letters, digits and . _ - in parts separated by "/"',
  )
  .refine((value) => !/\.\.|\.(lock)?(\/|$)/.test(value), 'must not hold ".." nor end a part with "." or ".lock"')

export interface Location {
  /** What git is given: a file URL for a path, so that objects are copied and never linked. */
  url: string
  /** Set for a repository of this host. */
  localPath: string | null
}

export function locate(repository: string): Location {
  if (/^https?:/.test(repository)) return { url: repository, localPath: null }
  const localPath = repository.startsWith('file:') ? fileURLToPath(repository) : path.normalize(repository)
  return { url: `file://${encodeURI(localPath).replaceAll('?', '%3F').replaceAll('#', '%23')}`, localPath }
}

export interface Remote {
  /** The branch that HEAD names, whether or not it exists. */
  headBranch: string | null
  head: string | null
  /** Branch names and their commits. */
  branches: ReadonlyMap<string, string>
}

/**
 * Asks a repository for its HEAD and branches.
 *
 * @throws SkillError `not_a_repository` or `repository_unreachable`
 */
export async function listRemote(cwd: string, repository: string): Promise<Remote> {
  const { url, localPath } = locate(repository)
  if (localPath !== null) await refuseUnusablePath(localPath)
  const args = ['ls-remote', '--symref', `--upload-pack=${UPLOAD_PACK}`, '--', url, 'HEAD', 'refs/heads/*']
  const result = await tryGit(cwd, args, { timeoutMs: 60_000, keepBytes: 16_777_216 })
  if (result.exitCode === 0) return parseRemote(result.stdout)
  const said = complaint(result)
  if (localPath !== null) {
    const more = /does not appear to be a git repository/.test(said) ? '' : `: ${said}`
    throw new SkillError('not_a_repository', `${localPath} is no git repository${more}`)
  }
  throw new SkillError('repository_unreachable', `${repository} can't be read as a git repository: ${said}`)
}

function parseRemote(text: string): Remote {
  let headBranch: string | null = null
  let head: string | null = null
  const branches = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [left = '', name = ''] = line.split('\t')
    if (left.startsWith('ref: refs/heads/') && name === 'HEAD') headBranch = left.slice('ref: refs/heads/'.length)
    else if (name === 'HEAD') head = left
    else if (name.startsWith('refs/heads/')) branches.set(name.slice('refs/heads/'.length), left)
  }
  return { headBranch, head, branches }
}

async function refuseUnusablePath(localPath: string): Promise<void> {
  const stats = await stat(localPath).catch(() => undefined)
  if (stats === undefined) {
    throw new SkillError('not_a_repository', `${localPath} does not exist, or this run was not granted it`)
  }
  if (!stats.isDirectory()) throw new SkillError('not_a_repository', `${localPath} is no directory`)
  const link = await readFile(path.join(localPath, '.git'), 'utf8').catch(() => undefined)
  const target = link?.match(/^gitdir: (.+)$/m)?.[1]
  if (target === undefined) return
  const gitDirectory = path.resolve(localPath, target.trim())
  if ((await stat(gitDirectory).catch(() => undefined)) === undefined) {
    throw new SkillError(
      'not_a_repository',
      `${localPath} is a worktree whose git directory ${gitDirectory} can't be read; name the main repository instead`,
    )
  }
}
