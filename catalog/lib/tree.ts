import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { git, tryGit } from './git.ts'

interface TreeFile {
  /** Relative to the directory, with `/`. */
  path: string
  bytes: number
}

export interface Tree {
  files: TreeFile[]
  /** True when there are more files than were listed. */
  truncated: boolean
}

const LISTING_BYTES = 134_217_728
const SKIPPED = new Set(['.git', 'node_modules'])

/**
 * Files of a directory: those of its head commit when it is a git checkout, so that what a build or an installation left
 * behind isn't counted; else the files as they lie. Symbolic links and submodules are left out.
 */
export async function listTree(directory: string, limit: number): Promise<Tree> {
  const probe = await tryGit(directory, ['rev-parse', '--verify', '--quiet', 'HEAD^{tree}'])
  const inRepository = probe.exitCode === 0 && (await git(directory, ['rev-parse', '--show-prefix'])) === ''
  const files = inRepository ? await committed(directory) : await lying(directory, limit + 1)
  return { files: files.slice(0, limit), truncated: files.length > limit }
}

export async function treeTotals(directory: string): Promise<{ files: number; bytes: number }> {
  const files = await committed(directory)
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) }
}

async function committed(directory: string): Promise<TreeFile[]> {
  const listing = await git(directory, ['ls-tree', '-r', '-l', '-z', 'HEAD'], { keepBytes: LISTING_BYTES })
  const files: TreeFile[] = []
  for (const record of listing.split('\0')) {
    const match = /^(\d{6}) blob [0-9a-f]+ +(\d+)\t(.+)$/s.exec(record)
    if (match?.[1] !== undefined && match[1] !== '120000') files.push({ path: match[3] ?? '', bytes: Number(match[2]) })
  }
  return files
}

async function lying(root: string, limit: number): Promise<TreeFile[]> {
  const files: TreeFile[] = []
  const waiting = ['']
  for (let next = waiting.pop(); next !== undefined && files.length < limit; next = waiting.pop()) {
    const entries = await readdir(path.join(root, next), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const relative = next === '' ? entry.name : `${next}/${entry.name}`
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) waiting.push(relative)
      if (entry.isFile()) files.push({ path: relative, bytes: (await stat(path.join(root, relative))).size })
      if (files.length >= limit) break
    }
  }
  return files
}
