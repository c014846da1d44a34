import { lstat, mkdir, readdir, readlink, stat, symlink } from 'node:fs/promises'
import path from 'node:path'
import { SkillError } from '@azora/sdk'

const MAX_PACKAGES = 20_000
/** Other folders that start with a dot are caches, which tools want to write. */
const LINKED_DOT_FOLDERS = new Set(['.bin', '.pnpm'])

/**
 * Makes installed Node packages of the host available to a checkout that has none: a `node_modules` of links. The host's
 * files are only read. Links to the project's own packages (npm workspaces) lead into the checkout.
 *
 * @param dependencies absolute path of a `node_modules` folder
 */
export async function linkDependencies(directory: string, dependencies: string): Promise<void> {
  const target = path.join(directory, 'node_modules')
  if ((await lstat(target).catch(() => undefined)) !== undefined) return
  const stats = await stat(dependencies).catch(() => undefined)
  if (!stats?.isDirectory()) {
    throw new SkillError('dependencies_missing', `${dependencies} is no folder that this run may read`)
  }
  await linkFolder(dependencies, target, { from: path.dirname(dependencies), to: directory }, true)
}

async function linkFolder(source: string, target: string, project: { from: string; to: string }, root: boolean) {
  await mkdir(target)
  const entries = await readdir(source, { withFileTypes: true })
  if (entries.length > MAX_PACKAGES) throw new SkillError('dependencies_too_many', `${source} has too many packages`)
  for (const entry of entries) {
    if (entry.name.startsWith('.') && !LINKED_DOT_FOLDERS.has(entry.name)) continue
    const from = path.join(source, entry.name)
    const to = path.join(target, entry.name)
    if (entry.isDirectory() && root && entry.name.startsWith('@')) await linkFolder(from, to, project, false)
    else await symlink(entry.isSymbolicLink() ? await destination(from, project) : from, to)
  }
}

async function destination(link: string, project: { from: string; to: string }): Promise<string> {
  const real = path.resolve(path.dirname(link), await readlink(link))
  const relative = path.relative(project.from, real)
  const ours = !relative.startsWith('..') && !path.isAbsolute(relative) && !relative.startsWith('node_modules')
  return ours ? path.join(project.to, relative) : real
}
