import { lstat, realpath } from 'node:fs/promises'
import path from 'node:path'
import { SkillError } from '@azora/sdk'
import { z } from 'zod'

/** A path relative to the workspace: `.` is the workspace itself. */
export const WorkspacePath = z
  .string()
  .min(1)
  .max(1024)
  .refine((value) => !value.includes('\0'), 'must not contain a zero byte')
  .refine((value) => !path.isAbsolute(value), 'must be relative to the workspace')

const inside = (root: string, candidate: string): boolean => candidate === root || candidate.startsWith(root + path.sep)

/** The real path of the nearest ancestor that exists, the path itself included. */
async function nearestReal(target: string): Promise<string> {
  for (let current = target; ; current = path.dirname(current)) {
    try {
      await lstat(current)
    } catch (error) {
      if (!isMissing(error) || current === path.dirname(current)) throw error
      continue
    }
    // A dangling link is refused: where it leads can't be told.
    return await realpath(current).catch((error: unknown) => {
      if (isMissing(error)) throw escapes(target)
      throw error
    })
  }
}

const escapes = (relative: string): SkillError =>
  new SkillError('path_outside_workspace', `${relative} leads out of the workspace`)

export const isMissing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/**
 * The absolute path of a workspace path, whether or not it exists.
 *
 * @throws SkillError `path_outside_workspace` when `..` or a symbolic link leads out
 */
export async function resolveInWorkspace(workspace: string, relative: string): Promise<string> {
  const root = await realpath(workspace)
  const target = path.resolve(root, relative)
  if (!inside(root, target)) throw escapes(relative)
  if (!inside(root, await nearestReal(target))) throw escapes(relative)
  return target
}

/** {@link resolveInWorkspace} for a directory that must exist. */
export async function resolveDirectory(workspace: string, relative: string): Promise<string> {
  const target = await resolveInWorkspace(workspace, relative)
  const stats = await lstat(await realpath(target).catch(() => target)).catch(() => undefined)
  if (!stats?.isDirectory()) {
    throw new SkillError('not_a_directory', `${relative} is no directory in the workspace`)
  }
  return target
}
