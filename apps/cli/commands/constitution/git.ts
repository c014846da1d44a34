import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { relative } from 'node:path'
import { promisify } from 'node:util'
import { CliError, EXIT, usageError } from '../../exit.ts'

/** A file that differs from a commit. */
export interface ChangedFile {
  /** Below the repository's root, with forward slashes. */
  path: string
  deleted: boolean
}

/** What a gate asks a git repository, as of one commit. */
export interface Repository {
  /** SHA-1 or SHA-256 of the commit, in hexadecimal. */
  readonly commit: string
  readonly root: string
  /** Path of something in the working tree below the root, with forward slashes. */
  pathOf(path: string): Promise<string>
  /** Paths of the files that the commit has below a folder. */
  list(folder: string): Promise<string[]>
  /** Text of a file of the commit. */
  read(path: string): Promise<string>
  /** Files of the working tree that are not as in the commit, with those that git doesn't know yet. */
  changed(): Promise<ChangedFile[]>
}

const MAX_BYTES = 64 * 1024 * 1024
const run = promisify(execFile)

/** Rejects with a {@link CliError} when there is no git, no repository or no such commit. */
export async function openRepository(inside: string, ref: string): Promise<Repository> {
  const { stdout: top } = await git(inside, 'rev-parse', '--show-toplevel').catch((cause: unknown) => {
    throw usageError(`${inside} is not in a git repository`, reasonOf(cause))
  })
  const root = top.trimEnd()
  const { stdout: id } = await git(root, 'rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`).catch(() => {
    const remedy = 'Name a commit, tag or branch that was fetched; a shallow clone may lack it.'
    throw new CliError(EXIT.missing, 'ref_unknown', `the repository has no commit ${ref}`, remedy)
  })
  const commit = id.trim()
  return {
    commit,
    root,
    pathOf: async (path) => relative(await realpath(root), await realpath(path)).replaceAll('\\', '/'),
    list: async (folder) =>
      fields((await git(root, 'ls-tree', '-r', '-z', '--name-only', commit, '--', `${folder}/`)).stdout),
    read: async (path) => (await git(root, 'show', '--no-textconv', `${commit}:${path}`)).stdout,
    changed: async () => {
      const differing = await git(root, 'diff', '--name-status', '--no-renames', '--no-ext-diff', '-z', commit, '--')
      const unknown = await git(root, 'ls-files', '--others', '--exclude-standard', '-z')
      return [
        ...statuses(fields(differing.stdout)),
        ...fields(unknown.stdout).map((path) => ({ path, deleted: false })),
      ]
    },
  }
}

const git = (folder: string, ...args: string[]) =>
  run('git', args, { cwd: folder, maxBuffer: MAX_BYTES, env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' } })

const fields = (text: string): string[] => text.split('\0').filter((field) => field !== '')

/** Git writes a status and a path in turn. */
function statuses(words: readonly string[]): ChangedFile[] {
  const files: ChangedFile[] = []
  for (let at = 0; at + 1 < words.length; at += 2) files.push({ path: words[at + 1] ?? '', deleted: words[at] === 'D' })
  return files
}

const reasonOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    ? 'Install git.'
    : 'Run it inside a checkout, or name a folder of one with --folder.'
