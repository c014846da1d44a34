import type { Scope } from '@azora/contracts'
import { covers } from '../../facts/scope.ts'
import { HOLE } from './machine.ts'

/**
 * Where a path leads: into the workspace or a folder for scratch files, a folder that the owner granted, the workspace's own
 * root, beyond all these, or where nobody can tell.
 */
export type Zone = 'workspace' | 'scratch' | 'granted' | 'root-of-workspace' | 'beyond' | 'unknown'

const SCRATCH = ['/tmp', '/var/tmp', '/dev/shm', '/private/tmp']
/** How far up from a folder of the workspace that isn't known may still be in it. */
const MAX_CLIMB = 2
const WORKSPACE = /^\/(?:workspace|workdir|workspaces)(?=\/|$)/

/** A path as it is from a working folder, with `.` and `..` taken out. Holes and globs stay in it. */
export function resolve(cwd: string, path: string): string {
  const whole = /^[/~]/.test(path) || path.startsWith(HOLE) ? path : `${cwd}/${path}`
  const absolute = whole.startsWith('/')
  const segments: string[] = []
  for (const segment of whole.split('/')) {
    if (segment === '' || segment === '.') continue
    const last = segments.at(-1)
    if (segment !== '..') segments.push(segment)
    else if (last !== undefined && last !== '..' && !/^~|\0/.test(last)) segments.pop()
    else if (!absolute) segments.push('..')
  }
  if (absolute) return `/${segments.join('/')}`
  if (segments.length === 0) return '.'
  // What is unknown below the working folder must not read like a path that is unknown from its start.
  return segments[0]?.startsWith(HOLE) && !whole.startsWith(HOLE) ? `./${segments.join('/')}` : segments.join('/')
}

export function zoneOf(path: string, cwd: string, scope: Scope): Zone {
  const resolved = resolve(cwd, path).replace(WORKSPACE, (_, at: number) => (at === 0 ? '.' : _))
  const own = resolve('.', resolved)
  if (own.startsWith(HOLE)) return 'unknown'
  if (own.startsWith(`./${HOLE}`)) return own.split('/..').length - 1 > MAX_CLIMB ? 'beyond' : 'workspace'
  if (own.startsWith('~') || own.startsWith('..')) return 'beyond'
  if (!own.startsWith('/')) return /^(?:\.|\*|\.\*|\{,\.\}\*)$/.test(own) ? 'root-of-workspace' : 'workspace'
  if (SCRATCH.some((folder) => own.startsWith(`${folder}/`))) return 'scratch'
  return scope.write.some((folder) => covers(folder, own.replaceAll(HOLE, 'x'))) ? 'granted' : 'beyond'
}
