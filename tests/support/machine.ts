import { execFileSync } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'

/** The first program of a name in PATH that doesn't lie in the project's own packages. */
function programOfMachine(...names: string[]): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter))
    for (const name of names) {
      const path = join(folder, name)
      if (!path.includes(`${sep}node_modules${sep}`) && isExecutable(path)) return path
    }
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return !realpathSync(path).includes(`${sep}node_modules${sep}`)
  } catch {
    return false
  }
}

/** The Node.js of the machine, which is not the pinned one; undefined when it has none from 20 on. */
export function nodeOfMachine(): string | undefined {
  const node = programOfMachine('node', 'nodejs')
  if (node === undefined) return undefined
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' })
  return Number(/^v(\d+)\./.exec(version)?.[1]) >= 20 ? node : undefined
}

/** True when the machine has all of these programs. */
export const hasPrograms = (...names: string[]): boolean => names.every((name) => programOfMachine(name) !== undefined)

/** Debian's Chromium, or another one. */
export const chromiumOfMachine = (): string | undefined =>
  programOfMachine('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome')
