import { execFile } from 'node:child_process'
import { baseMounts } from '../isolation/mounts.ts'
import { wallsFor } from '../isolation/walls.ts'
import type { Attempt, Removable } from './attempt.ts'
import type { PlantedHost } from './host.ts'

const ENDS_AFTER_MS = 20_000
const TMP_BYTES = 64 * 1024 * 1024
const NAMESPACES = ['user', 'ipc', 'pid', 'net', 'uts']

/** Takes a guard out of the arguments of bwrap that the product makes. */
const REMOVALS: Record<Removable, (args: string[], host: PlantedHost) => string[]> = {
  seccomp: (args) => removed(args, '--seccomp', 2),
  network: (args) => sharing(args, 'net'),
  // A /proc of its own needs a PID namespace of its own.
  processes: (args) => replaced(sharing(args, 'pid'), ['--proc', '/proc'], ['--ro-bind', '/proc', '/proc']),
  ipc: (args) => sharing(args, 'ipc'),
  environment: (args) => removed(args, '--clearenv', 1),
  sealed: (args) => replaced(replaced(args, ['--remount-ro', '/dev'], []), ['--remount-ro', '/'], []),
  masked: (args) => {
    let left = args
    while (left.includes('/dev/null')) left = spliced(left, left.indexOf('/dev/null') - 1, 3)
    return left
  },
  mounts: (args, { folder }) => replaced(args, ['--remount-ro', '/dev'], ['--ro-bind', folder, folder]),
  readOnly: (args, { facts }) => replaced(args, ['--ro-bind', facts.READ], ['--bind', facts.READ]),
  userNamespaces: (args) => removed(args, '--disable-userns', 1),
}

/** Runs the program of an attempt without the guards that it names, and answers what it printed. */
export function runWithout({ program, without }: Attempt, host: PlantedHost, projectRoot: string): Promise<string> {
  const spec = {
    argv: ['/bin/sh'] as [string],
    env: { ...host.facts },
    read: [host.facts.READ],
    write: [host.facts.WRITE],
    workspace: { path: host.workspace, mode: 'write' as const },
  }
  const whole = wallsFor(baseMounts(projectRoot, process.execPath)(TMP_BYTES), spec, 0)
  const args = (without?.guards ?? []).reduce((left, guard) => REMOVALS[guard](left, host), whole)
  // Where the filter stays, there is none to read: it is not what the attempt is about.
  const ready = args.includes('--seccomp') ? removed(args, '--seccomp', 2) : args
  return new Promise((resolve) => {
    execFile(
      'bwrap',
      [...ready, '--', '/bin/sh', '-c', program],
      { timeout: ENDS_AFTER_MS, env: { PATH: process.env.PATH, PLANTED_SECRET: 'yes' } },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    )
  })
}

const spliced = (args: readonly string[], at: number, count: number, ...instead: string[]): string[] => [
  ...args.slice(0, at),
  ...instead,
  ...args.slice(at + count),
]

function removed(args: readonly string[], option: string, count: number): string[] {
  const at = args.indexOf(option)
  if (at < 0) throw new RangeError(`bwrap is not given ${option}`)
  return spliced(args, at, count)
}

function replaced(args: readonly string[], what: readonly string[], instead: readonly string[]): string[] {
  const at = args.findIndex((_, index) => what.every((word, offset) => args[index + offset] === word))
  if (at < 0) throw new RangeError(`bwrap is not given ${what.join(' ')}`)
  return spliced(args, at, what.length, ...instead)
}

const sharing = (args: readonly string[], namespace: string): string[] =>
  replaced(
    args,
    ['--unshare-all'],
    NAMESPACES.filter((name) => name !== namespace).map((name) => `--unshare-${name}`),
  )
