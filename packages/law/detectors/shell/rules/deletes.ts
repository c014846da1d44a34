import type { ActionSubject } from '../../detector.ts'
import type { Command } from '../command.ts'
import { rootsOf } from '../hidden-commands.ts'
import { HOLE } from '../machine.ts'
import { hasOption, operandsOf, setOf } from '../options.ts'
import { resolve, zoneOf } from '../paths.ts'
import { type Find, shown } from './rule.ts'

const ALWAYS_RECURSIVE = setOf('rimraf del-cli trash gio')
const ERASERS = setOf('shred srm wipe scrub')
const REMOVERS = setOf('rm grm unlink rmdir rimraf del-cli trash del rd erase remove-item')

/** Deleting what lies beyond the workspace, or where nobody can tell. */
export function deletes(command: Command, { scope }: ActionSubject): Find[] {
  const { name = '', cwd } = command
  const words = command.shapes
  const find = (path: string, severity: Find['severity'], confidence?: number): Find => ({
    command,
    severity,
    what: `${name} ${shown(path)}`,
    ...(confidence === undefined ? {} : { confidence }),
  })
  if (name === 'find' || name === 'gfind') {
    if (!words.includes('-delete')) return []
    return rootsOf(words).flatMap((root) => judge(`${root}/x${HOLE}`, root, true))
  }
  if (ERASERS.has(name)) {
    const operands = operandsOf(words, setOf('-n -s --iterations --size --random-source'))
    return operands.flatMap((path) => {
      const zone = zoneOf(path, cwd, scope)
      return zone === 'scratch' ? [] : [find(path, zone === 'workspace' ? 'HIGH' : 'CRITICAL')]
    })
  }
  if (!REMOVERS.has(name)) return []
  const recursive = ALWAYS_RECURSIVE.has(name) || isRecursive(words)
  return operandsOf(words).flatMap((path) => judge(path, path, recursive))

  function judge(path: string, named: string, recursive: boolean): Find[] {
    if (path === '') return []
    const whole = recursive || /[*?\0]/.test(path)
    switch (zoneOf(path, cwd, scope)) {
      case 'beyond':
        return [find(named, whole || isSystem(resolve(cwd, path)) ? 'CRITICAL' : 'HIGH')]
      case 'unknown':
        return unknownPath(path, named, recursive)
      case 'root-of-workspace':
        return recursive && name !== 'find' ? [find(named, 'HIGH', 0.7)] : []
      default:
        return recursive && /^(?:\.\/)?\.git(?:\/\*?)?$/.test(path) ? [find(named, 'HIGH')] : []
    }
  }

  /** A path that begins with a variable which, when it is empty, leaves the root. */
  function unknownPath(path: string, named: string, recursive: boolean): Find[] {
    const below = path.startsWith(`${HOLE}/`) || cwd.startsWith(HOLE)
    if (recursive && below && !path.startsWith(`${HOLE}/x${HOLE}`)) return [find(named, 'CRITICAL', 0.9)]
    return recursive || /\*/.test(path) ? [find(named, 'HIGH', 0.7)] : []
  }
}

const isRecursive = (words: readonly string[]): boolean =>
  hasOption(words, 'r', '--recursive') ||
  hasOption(words, 'R') ||
  words.some((word) => /^(?:\/s|-recurse)$/i.test(word))

const SYSTEM = /^\/(?:bin|boot|dev|etc|lib\w*|proc|sbin|sys|usr|var\/(?:lib|log)|root|opt|System|Library)(?:\/|$)/

export const isSystem = (path: string): boolean => path === '/' || SYSTEM.test(path)
