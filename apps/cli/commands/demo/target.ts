import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AbsolutePath, Host, type JsonObject, type Scope } from '@azora/contracts'
import { usageError } from '../../exit.ts'
import { probe } from '../../launch/probe.ts'

/** The repository that the agent works on, and what the run may touch for it. */
export interface Target {
  repository: string
  input: JsonObject
  scope: Scope
}

/** @param given a path or an http(s) or file URL */
export async function targetOf(given: string): Promise<Target> {
  if (/^file:\/\//i.test(given)) return pathTarget(fileURLToPath(given))
  if (/^https?:\/\//i.test(given)) return urlTarget(given)
  if (/^(ssh|git):\/\/|^[\w.-]+@[\w.-]+:/.test(given)) {
    throw usageError(
      `${given} needs credentials, which the sandbox doesn't have`,
      'Give the https URL, or the path of a clone.',
    )
  }
  return pathTarget(resolve(given))
}

function urlTarget(given: string): Target {
  const host = URL.canParse(given) ? Host.safeParse(new URL(given).host) : undefined
  if (!host?.success) throw usageError(`${given} is not a URL`)
  return { repository: given, input: { repository: given }, scope: { read: [], write: [], hosts: [host.data] } }
}

async function pathTarget(path: string): Promise<Target> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined)
    throw usageError(`${path} doesn't exist`, 'Give the path or the URL of a git repository with --repo.')
  if (!AbsolutePath.safeParse(real).success) throw usageError(`${path} can't be used as a path`)
  const { root, common } = await repositoryAt(real)
  const outside = common !== undefined && !isWithin(common, root) ? [common] : []
  // Often a link into another checkout; the sandbox shows a path only where it really is.
  const dependencies = await realpath(join(root, 'node_modules')).catch(() => undefined)
  const installed = dependencies !== undefined && (await isDirectory(dependencies))
  return {
    repository: root,
    input: { repository: root, ...(installed ? { dependencies } : {}) },
    scope: { read: [root, ...outside, ...(installed ? [dependencies] : [])], write: [root, ...outside], hosts: [] },
  }
}

/**
 * The root of the repository around a path, and the directory that its worktrees share. A path that is no repository
 * stays as it is: the agent reports that, on record.
 */
async function repositoryAt(path: string): Promise<{ root: string; common?: string }> {
  const git = (question: string) =>
    probe('git', ['-c', 'safe.directory=*', '-C', path, 'rev-parse', '--path-format=absolute', question])
  const common = await git('--git-common-dir')
  if (!common.ok || common.stdout === '') return { root: path }
  const inside = await git('--show-toplevel')
  // Bare repositories and git directories have no working tree.
  if (!inside.ok || inside.stdout === '')
    return { root: basename(common.stdout) === '.git' ? dirname(common.stdout) : common.stdout }
  const gitDir = await git('--git-dir')
  // Only the repository itself is let into the sandbox, and a linked worktree is nothing without it.
  if (gitDir.stdout !== common.stdout && !isWithin(common.stdout, inside.stdout)) {
    return { root: basename(common.stdout) === '.git' ? dirname(common.stdout) : common.stdout }
  }
  return { root: inside.stdout, common: common.stdout }
}

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
