import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Paths of the files that belong to the project, present in the work tree, matching a pattern. */
export function projectFiles(pattern: RegExp): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return listed.split('\n').filter((path) => pattern.test(path) && existsSync(join(ROOT, path)))
}

export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

export const linesOf = (path: string): number => textOf(path).trimEnd().split('\n').length
