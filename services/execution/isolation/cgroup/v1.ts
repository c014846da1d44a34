import { mkdirSync } from 'node:fs'
import { fieldIn, has, numberIn, ownFolder, pidsIn, removeSoon, write } from './files.ts'
import type { Cgroups } from './port.ts'

/** Controllers that limit, and the one that only counts. */
const CONTROLLERS = ['memory', 'pids', 'cpuacct'] as const
type Controller = (typeof CONTROLLERS)[number]

/**
 * Cgroups of the first version, one hierarchy for each controller (Linux, admin-guide/cgroup-v1). Undefined where this
 * process may not make any.
 *
 * @param mountOf folder of this process's own cgroup in a controller's hierarchy
 */
export function findCgroupsV1(mountOf: (controller: Controller) => string | undefined): Cgroups | undefined {
  const folders = new Map<Controller, string>()
  try {
    for (const controller of CONTROLLERS) {
      const mount = mountOf(controller)
      if (mount === undefined || !has(mount, 'cgroup.procs')) return undefined
      folders.set(controller, ownFolder(mount))
    }
  } catch {
    // Not ours to write.
    return undefined
  }
  const [memory, pids, cpuacct] = CONTROLLERS.map((controller) => folders.get(controller)) as [string, string, string]
  let made = 0
  return {
    name: 'cgroup v1',
    create(limits) {
      made += 1
      const own = { memory: `${memory}/${made}`, pids: `${pids}/${made}`, cpuacct: `${cpuacct}/${made}` }
      const all = Object.values(own)
      for (const folder of all) mkdirSync(folder)
      write(own.memory, 'memory.limit_in_bytes', limits.memoryBytes)
      // Memory and swap together; the file is there only if the kernel counts swap.
      if (has(own.memory, 'memory.memsw.limit_in_bytes'))
        write(own.memory, 'memory.memsw.limit_in_bytes', limits.memoryBytes)
      write(own.pids, 'pids.max', limits.processes)
      return {
        add(pid) {
          for (const folder of all) write(folder, 'cgroup.procs', pid)
        },
        pids: () => pidsIn(own.pids),
        counters: () => ({
          cpuMs: numberIn(own.cpuacct, 'cpuacct.usage') / 1e6,
          memoryBytesPeak: numberIn(own.memory, 'memory.max_usage_in_bytes'),
          processesPeak: numberIn(own.pids, 'pids.peak'),
          outOfMemory: fieldIn(own.memory, 'memory.oom_control', 'oom_kill') > 0,
          forkRefused: fieldIn(own.pids, 'pids.events', 'max') > 0,
        }),
        remove: () => removeSoon(all),
      }
    },
  }
}
