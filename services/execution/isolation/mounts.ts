import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { kernelMounts } from './kernel-mounts.ts'
import { EGRESS_SOCKET, type Grant, type LaunchSpec, WORKSPACE } from './port.ts'

const ETC = fileURLToPath(new URL('./etc', import.meta.url))

/** Top-level folders of a system; on most distributions all but /usr are links into it. */
const SYSTEM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']

/** What programs need of /etc to find libraries and certificates; nothing that names the machine or holds a key. */
const ETC_SHARED = [
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
]
const ETC_OWN = ['passwd', 'group', 'hosts', 'nsswitch.conf']

/** Folders of the project that skills and agents are made of; the rest of it stays outside. */
export const PROJECT_FOLDERS = ['node_modules', 'packages/contracts', 'packages/sdk', 'catalog', 'package.json']

/**
 * Arguments of bwrap for what every sandbox sees, whatever it is for.
 *
 * @returns arguments for a size of what lies in memory
 */
export function baseMounts(projectRoot: string, runtime: string): (tmpBytes: number) => string[] {
  const system = SYSTEM_FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    lstatSync(folder).isSymbolicLink() ? ['--symlink', readlinkSync(folder), folder] : ['--ro-bind', folder, folder],
  )
  const etc = [
    ...ETC_SHARED.flatMap((path) => ['--ro-bind-try', path, path]),
    ...ETC_OWN.flatMap((name) => ['--ro-bind', join(ETC, name), `/etc/${name}`]),
  ]
  const memory = (tmpBytes: number): string[] =>
    ['/tmp', '/dev/shm'].flatMap((folder) => ['--size', String(tmpBytes), '--tmpfs', folder])
  const project = PROJECT_FOLDERS.map((folder) => join(projectRoot, folder)).flatMap((path) => [
    '--ro-bind',
    path,
    path,
  ])
  const inside = ['/usr/', `${projectRoot}/node_modules/`].some((prefix) => runtime.startsWith(prefix))
  const before = [...system, ...etc, ...kernelMounts()]
  const after = [...project, ...(inside ? [] : ['--ro-bind', runtime, runtime])]
  return (tmpBytes) => [...before, ...memory(tmpBytes), ...after]
}

/** Arguments of bwrap that close what is mounted: the folders that the mount points lie in take up no files. */
export const SEALS = ['--remount-ro', '/dev', '--remount-ro', '/']

/**
 * Arguments of bwrap for what one launch adds.
 *
 * @param fdOf the number that a granted descriptor has in bwrap
 */
export function grantedMounts(
  { codeFolder, read = [], write = [], workspace, egressSocket }: LaunchSpec,
  fdOf: (grant: Grant) => number,
): string[] {
  const bind = (how: string, place: Grant | string): string[] =>
    typeof place === 'string' ? [how, place, place] : [`${how}-fd`, String(fdOf(place)), place.path]
  return [
    ...(codeFolder === undefined ? [] : ['--ro-bind', codeFolder, codeFolder]),
    ...read.flatMap((place) => bind('--ro-bind', place)),
    ...write.flatMap((place) => bind('--bind', place)),
    ...(workspace
      ? [workspace.mode === 'write' ? '--bind' : '--ro-bind', workspace.path, WORKSPACE, '--chdir', WORKSPACE]
      : ['--chdir', '/tmp']),
    ...(egressSocket ? ['--dir', dirname(EGRESS_SOCKET), '--bind', egressSocket, EGRESS_SOCKET] : []),
  ]
}
