import { grantedMounts, SEALS } from './mounts.ts'
import { EGRESS_SOCKET, type LaunchSpec } from './port.ts'

/** New namespaces for everything, no capabilities, no terminal, and an end when we end. */
const WALLS = [
  '--unshare-all',
  '--unshare-user',
  '--disable-userns',
  '--die-with-parent',
  '--new-session',
  '--cap-drop',
  'ALL',
  '--uid',
  '1000',
  '--gid',
  '1000',
  '--hostname',
  'sandbox',
  '--clearenv',
]
const ENVIRONMENT = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/tmp',
  TMPDIR: '/tmp',
  LANG: 'C.UTF-8',
  USER: 'azora',
}

/**
 * Arguments of bwrap for one launch.
 *
 * @param base what every sandbox sees
 * @param firstFd the descriptor of the filter; behind it come those of the grants, in the order of the launch
 */
export function wallsFor(base: readonly string[], spec: LaunchSpec, firstFd: number): string[] {
  const env = { ...ENVIRONMENT, ...spec.env, ...(spec.egressSocket && { AZORA_EGRESS_SOCKET: EGRESS_SOCKET }) }
  const settings = Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])
  const grants = [...(spec.read ?? []), ...(spec.write ?? [])].filter((place) => typeof place !== 'string')
  const mounts = grantedMounts(spec, (grant) => firstFd + 1 + grants.indexOf(grant))
  return [...WALLS, '--seccomp', String(firstFd), ...base, ...settings, ...mounts, ...SEALS]
}
