import { mkdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fieldIn, has, isCode, numberIn, ownFolder, pidsIn, read, removeSoon, write } from './files.ts'
import type { Cgroups } from './port.ts'

const NEEDED = ['memory', 'pids'] as const
/** Where the processes of a delegated cgroup move to: a cgroup with children may hold none itself. */
const LEAF = 'azora-main'

/**
 * Cgroups of the second version (Linux, admin-guide/cgroup-v2), below the one of this process, if it was delegated.
 * Undefined where this process may not make any, or the controllers are not there.
 *
 * @param own folder of this process's cgroup
 */
export function findCgroupsV2(own: string): Cgroups | undefined {
  const parent = basename(own) === LEAF ? dirname(own) : own
  let folder: string
  try {
    if (!isDelegated(parent)) return undefined
    folder = ownFolder(parent)
    write(folder, 'cgroup.subtree_control', '+memory +pids')
  } catch {
    return undefined
  }
  let made = 0
  return {
    name: 'cgroup v2',
    create(limits) {
      made += 1
      const path = `${folder}/${made}`
      mkdirSync(path)
      write(path, 'memory.max', limits.memoryBytes)
      if (has(path, 'memory.swap.max')) write(path, 'memory.swap.max', 0)
      // What is over the limit ends as a whole, not with a process here and there.
      if (has(path, 'memory.oom.group')) write(path, 'memory.oom.group', 1)
      write(path, 'pids.max', limits.processes)
      return {
        add: (pid) => write(path, 'cgroup.procs', pid),
        pids: () => pidsIn(path),
        counters: () => ({
          cpuMs: fieldIn(path, 'cpu.stat', 'usage_usec') / 1e3,
          memoryBytesPeak: numberIn(path, 'memory.peak'),
          processesPeak: numberIn(path, 'pids.peak'),
          outOfMemory: fieldIn(path, 'memory.events', 'oom_kill') > 0,
          forkRefused: fieldIn(path, 'pids.events', 'max') > 0,
        }),
        remove: () => removeSoon([path]),
      }
    },
  }
}

/** Passes the controllers on to children, moving the processes out of the way where the kernel asks for it. */
function isDelegated(parent: string): boolean {
  const offered = read(parent, 'cgroup.controllers').trim().split(' ')
  if (!NEEDED.every((controller) => offered.includes(controller))) return false
  const passedOn = read(parent, 'cgroup.subtree_control').trim().split(' ')
  if (NEEDED.every((controller) => passedOn.includes(controller))) return true
  const passOn = (): void => write(parent, 'cgroup.subtree_control', '+memory +pids')
  try {
    passOn()
  } catch (thrown) {
    if (!isCode(thrown, 'EBUSY')) return false
    mkdirSync(`${parent}/${LEAF}`, { recursive: true })
    for (const pid of pidsIn(parent)) write(`${parent}/${LEAF}`, 'cgroup.procs', pid)
    passOn()
  }
  return true
}
