import { statfsSync } from 'node:fs'
import type { Breach, Usage } from '@azora/contracts'
import type { Cgroup } from '../cgroup/port.ts'
import type { WatchedLimits } from '../port.ts'
import { cpuMsOf, openFilesOf, statusOf, storageOf, treeOf } from './proc.ts'

/** Watches what a sandbox uses. Counting is by the kernel where it counts, else by what can be seen of the processes. */
export interface Watchdog {
  /** Looks now. */
  look(): void
  usage(): Usage
  breach(): Breach | undefined
  /** Looks a last time, at what outlives the processes. */
  stop(): void
}

/** How often it looks; what a limit lets pass in the meantime is what is used in so long a time. */
const EVERY_MS = 50
/** Folders whose size is limited. */
const IN_MEMORY = ['tmp', 'dev/shm']

/** Processes by their ids as this process sees them. */
export interface Watched {
  /** The one that all others descend from. */
  root: number
  /** One that has the sandbox's files before it, as long as the sandbox lasts. */
  inside: number
  limits: WatchedLimits
  /** In which all processes are; without one, everything is counted by looking. */
  cgroup: Cgroup | undefined
}

/** @param onBreach called once */
export function startWatchdog({ root, inside, limits, cgroup }: Watched, onBreach: (breach: Breach) => void): Watchdog {
  const usage: Usage = { cpuMs: 0, memoryBytesPeak: 0, processesPeak: 0, diskBytesRead: 0, diskBytesWritten: 0 }
  let breach: Breach | undefined
  let stopped = false

  const raise = (field: keyof Usage, value: number): void => {
    usage[field] = Math.max(usage[field], Math.round(value))
  }
  const over = (limit: Breach['limit'], allowed: number, used: number, isOver = used > allowed): void => {
    if (!isOver || breach) return
    breach = { limit, allowed, used: Math.round(used) }
    onBreach(breach)
  }

  function lookAtCgroup(group: Cgroup): void {
    const { cpuMs, memoryBytesPeak, processesPeak, outOfMemory, forkRefused } = group.counters()
    raise('cpuMs', cpuMs)
    raise('memoryBytesPeak', memoryBytesPeak)
    raise('processesPeak', processesPeak)
    over('memory', limits.memoryBytes, memoryBytesPeak, outOfMemory)
    over('processes', limits.processes, Math.max(processesPeak, limits.processes), forkRefused)
    over('cpu', limits.cpuMs, cpuMs)
  }

  function lookAtProcesses(pids: readonly number[]): void {
    const [storage, statuses] = [pids.map(storageOf), pids.map(statusOf)]
    const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0)
    raise('diskBytesRead', sum(storage.map(({ read }) => read)))
    raise('diskBytesWritten', sum(storage.map(({ written }) => written)))
    over('disk', limits.diskBytes, usage.diskBytesWritten)
    statuses.forEach((status, at) => {
      if (!status || status.filesTable < limits.openFiles) return
      const open = openFilesOf(pids[at] as number)
      over('open_files', limits.openFiles, open, open >= limits.openFiles)
    })
    if (cgroup) return
    const threads = sum(statuses.map((status) => status?.threads ?? 0))
    const memory = sum(statuses.map((status) => status?.memoryBytes ?? 0))
    raise('cpuMs', sum(pids.map(cpuMsOf)))
    raise('memoryBytesPeak', memory)
    raise('processesPeak', threads)
    over('memory', limits.memoryBytes, memory)
    over('processes', limits.processes, threads, threads >= limits.processes)
    over('cpu', limits.cpuMs, usage.cpuMs)
  }

  function lookAtFolders(): void {
    for (const folder of IN_MEMORY) {
      const room = roomOf(`/proc/${inside}/root/${folder}`)
      if (room) over('tmp', limits.tmpBytes, room.used, room.free === 0)
    }
  }

  function look(): void {
    if (stopped) return
    if (cgroup) lookAtCgroup(cgroup)
    const pids = cgroup ? cgroup.pids() : treeOf(root)
    lookAtProcesses(pids)
    lookAtFolders()
  }

  const timer = setInterval(look, EVERY_MS).unref()
  return {
    look,
    usage: () => ({ ...usage }),
    breach: () => breach,
    stop() {
      if (stopped) return
      clearInterval(timer)
      if (cgroup) lookAtCgroup(cgroup)
      stopped = true
    },
  }
}

/** Room in a file system of a limited size; undefined when it is gone. */
function roomOf(path: string): { free: number; used: number } | undefined {
  try {
    const { bsize, blocks, bavail } = statfsSync(path)
    return { free: bavail * bsize, used: (blocks - bavail) * bsize }
  } catch {
    return undefined
  }
}
