import { readdirSync, readFileSync } from 'node:fs'

const STANDARD_MAX = 2
/** Linux, `O_CLOEXEC` as /proc shows it. */
const CLOSED_ON_EXEC = 0o2000000

/**
 * File descriptors that whoever started us left open, and that our children would get too. The runtime closes its own;
 * these are unknown to it.
 */
export function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd > STANDARD_MAX && isInherited(fd))
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1]
    return flags === undefined || (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0
  } catch (thrown) {
    // The descriptor with which the folder was read.
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw thrown
  }
}

/**
 * What a child gets at each place from `first` on: `substitute` where it would inherit a descriptor, else nothing.
 *
 * @param substitute an open descriptor that gives nothing away
 */
export function covering(first: number, inherited: readonly number[], substitute: number): Array<number | 'ignore'> {
  const last = Math.max(first - 1, ...inherited)
  return Array.from({ length: last + 1 - first }, (_, offset) =>
    inherited.includes(first + offset) ? substitute : 'ignore',
  )
}
