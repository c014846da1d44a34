import { dirname } from 'node:path'

/** What a profile lets a process see. All paths are real ones: the kernel judges by where a path has led. */
export interface Sights {
  read: readonly string[]
  write: readonly string[]
  /** Unix sockets that it may connect to. */
  sockets: readonly string[]
}

/** Parts of macOS that programs load; nothing that belongs to a person or names the machine. */
const SYSTEM_FOLDERS = [
  '/System/Cryptexes',
  '/System/Library',
  '/bin',
  '/private/etc/ssl',
  '/private/var/db/dyld',
  '/private/var/db/timezone',
  '/sbin',
  '/usr/bin',
  '/usr/lib',
  '/usr/libexec',
  '/usr/sbin',
  '/usr/share',
]
const SYSTEM_FILES = ['/', '/private/var/select/sh']
const READ_DEVICES = ['/dev/null', '/dev/random', '/dev/urandom', '/dev/zero']

/**
 * A profile in the language of sandbox-exec(1) (SBPL, version 1). Everything is refused that isn't named: other files,
 * networks, services of the system (Mach look-ups), devices, other processes.
 */
export function profileFor({ read, write, sockets }: Sights): string {
  const seen = [...SYSTEM_FOLDERS, ...read, ...write]
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec)',
    '(allow process-fork)',
    '(allow process-info* (target same-sandbox))',
    '(allow signal (target same-sandbox))',
    '(allow sysctl-read)',
    allow('file-read*', [...seen.map(subpath), ...[...SYSTEM_FILES, ...READ_DEVICES].map(literal)]),
    // A path is followed from its root: of the folders on the way their names may be known, not what they hold.
    allow('file-read-metadata', [...ancestorsOf([...seen, ...sockets, '/dev/null'])].map(literal)),
    allow('file-write*', write.map(subpath)),
    allow('file-write-data', [literal('/dev/null')]),
    ...(sockets.length > 0 ? ['(allow system-socket (socket-domain AF_UNIX))'] : []),
    allow(
      'network-outbound',
      sockets.map((path) => `(remote unix-socket (path-literal ${quoted(path)}))`),
    ),
  ]
    .filter((rule) => rule !== '')
    .join('\n')
}

const allow = (operation: string, what: readonly string[]): string =>
  what.length > 0 ? `(allow ${operation}\n  ${what.join('\n  ')})` : ''

const subpath = (path: string): string => `(subpath ${quoted(path)})`
const literal = (path: string): string => `(literal ${quoted(path)})`

/** A string of SBPL, which is one of Scheme: only these two have to be escaped. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

function ancestorsOf(paths: readonly string[]): Set<string> {
  const found = new Set<string>()
  for (let path of paths) {
    while (dirname(path) !== path) {
      path = dirname(path)
      found.add(path)
    }
  }
  return found
}
