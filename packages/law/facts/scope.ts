import type { Resources, Scope } from '@azora/contracts'

/** True when `path` is `folder` or lies below it. A path that isn't absolute and plain is below nothing. */
export function covers(folder: string, path: string): boolean {
  if (!isPlain(folder) || !isPlain(path)) return false
  const root = folder.replace(/\/+$/, '')
  return path === folder || path === root || path.startsWith(`${root}/`)
}

/** Absolute, and without segments that would lead elsewhere than the text says. */
const isPlain = (path: string): boolean =>
  path.startsWith('/') &&
  !path.includes('\0') &&
  !path.split('/').some((segment) => segment === '.' || segment === '..')

const coveredBy = (folders: readonly string[]) => (path: string) => folders.some((folder) => covers(folder, path))

/** What is asked for and not granted. A grant to write is a grant to read; hosts are granted by exact name and port. */
export function outsideScope(asked: Resources, scope: Scope): Resources {
  const mayWrite = coveredBy(scope.write)
  const mayRead = coveredBy([...scope.read, ...scope.write])
  return {
    read: asked.read.filter((path) => !mayRead(path)),
    write: asked.write.filter((path) => !mayWrite(path)),
    hosts: asked.hosts.filter((host) => !scope.hosts.includes(host)),
  }
}

export function isWithinScope(asked: Resources, scope: Scope): boolean {
  const { read, write, hosts } = outsideScope(asked, scope)
  return read.length + write.length + hosts.length === 0
}
