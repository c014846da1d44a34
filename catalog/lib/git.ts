import { SkillError } from '@azora/sdk'
import { type ExecResult, exec } from './exec.ts'

/**
 * Settings that no repository may override. Hooks, filters and file system monitors are programs that a repository
 * brings along; they must not run just because somebody looks at it.
 */
const SETTINGS: ReadonlyArray<readonly [string, string]> = [
  ['safe.directory', '*'],
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.sshCommand', 'false'],
  ['core.alternateRefsCommand', 'true'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['protocol.file.allow', 'always'],
  ['protocol.http.allow', 'always'],
  ['protocol.https.allow', 'always'],
  ['submodule.recurse', 'false'],
  ['filter.lfs.smudge', ''],
  ['filter.lfs.process', ''],
  ['filter.lfs.required', 'false'],
  ['gc.auto', '0'],
  ['receive.autogc', 'false'],
  ['advice.detachedHead', 'false'],
]

/** Git drops the environment's settings when it starts the other side of a local transfer, so they go on its command line. */
const quoted = SETTINGS.map(([name, value]) => `-c '${name}=${value}'`).join(' ')
export const UPLOAD_PACK = `git ${quoted} upload-pack`
/** `updateInstead` moves the files along when the branch is the one that is checked out, and refuses if they were edited. */
export const RECEIVE_PACK = `git ${quoted} -c receive.denyCurrentBranch=updateInstead receive-pack`

function gitEnv(extra: Record<string, string>): Record<string, string> {
  const env: Record<string, string> = {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_COUNT: String(SETTINGS.length),
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_PAGER: 'cat',
  }
  for (const [index, [name, value]] of SETTINGS.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = name
    env[`GIT_CONFIG_VALUE_${index}`] = value
  }
  return { ...env, ...extra }
}

export interface GitOptions {
  timeoutMs?: number
  env?: Record<string, string>
  stdin?: string
  keepBytes?: number
}

/** Runs git without hooks, prompts, helpers or settings of the user. Never throws for a non-zero exit. */
export async function tryGit(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<ExecResult> {
  const result = await exec('git', args, {
    cwd,
    env: gitEnv(options.env ?? {}),
    timeoutMs: options.timeoutMs ?? 60_000,
    ...(options.keepBytes === undefined ? {} : { keepBytes: options.keepBytes }),
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
  })
  if (result.exitCode === 127) throw new SkillError('git_missing', 'git is not installed on the node; install it')
  if (result.timedOut) throw new SkillError('git_timeout', `git ${args[0] ?? ''} took longer than allowed`)
  return result
}

/**
 * {@link tryGit} that returns trimmed standard output.
 *
 * @throws SkillError `git_failed` with the end of what git said
 */
export async function git(cwd: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  const result = await tryGit(cwd, args, options)
  if (result.exitCode !== 0) throw new SkillError('git_failed', `git ${args[0] ?? ''}: ${complaint(result)}`)
  return result.stdout.trim()
}

/** What git complained about, in one line of at most 500 characters. */
export function complaint(result: ExecResult): string {
  const lines = result.stderr
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(Cloning into|To |hint:)/.test(line))
  return (lines.slice(-4).join('; ').trim() || `exit code ${result.exitCode}`).slice(-500)
}

/** The commit that `name` means, or null when there is none. */
export async function commitOf(directory: string, name: string): Promise<string | null> {
  const result = await tryGit(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
  return result.exitCode === 0 ? result.stdout.trim() : null
}
