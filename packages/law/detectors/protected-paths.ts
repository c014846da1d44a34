import { covers } from '../facts/scope.ts'
import { type ActionSubject, type Detector, factAbout } from './detector.ts'

const SYSTEM = [
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/proc',
  '/sbin',
  '/sys',
  '/usr/bin',
  '/usr/lib',
  '/usr/sbin',
  '/Library',
  '/System',
  '/private/etc',
]

const CREDENTIAL_FILES = ['/etc/shadow', '/etc/gshadow', '/etc/ssh', '/proc', '/private/etc/master.passwd']

/** Names that hold keys wherever they are. */
const CREDENTIAL_NAMES = new Set([
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.netrc',
  '.git-credentials',
  '.password-store',
])

/** A folder above a system folder holds it, so writing there is the same. */
const isSystem = (path: string): boolean => SYSTEM.some((system) => covers(system, path) || covers(path, system))

export const holdsCredentials = (path: string): boolean =>
  CREDENTIAL_FILES.some((file) => covers(file, path)) || path.split('/').some((name) => CREDENTIAL_NAMES.has(name))

/** Paths that people look at first, also where the scope covers them. */
export const protectedPaths: Detector<ActionSubject> = {
  name: 'protected-paths',
  rules: ['system_path_write', 'credential_store'],
  find({ action: { resources } }) {
    return [
      ...factAbout(resources.write.filter(isSystem), {
        rule: 'system_path_write',
        article: '10',
        severity: 'HIGH',
        message: 'It would write to the operating system or its settings.',
        remedy: 'Write to the workspace or a project folder, or wait for the review.',
      }),
      ...factAbout([...resources.read, ...resources.write].filter(holdsCredentials), {
        rule: 'credential_store',
        article: '7',
        severity: 'HIGH',
        message: 'It would open a store of credentials.',
        remedy: 'Use a leased secret instead, or wait for the review.',
      }),
    ]
  },
}
