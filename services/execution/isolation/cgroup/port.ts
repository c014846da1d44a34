/** What a cgroup may use. */
export interface CgroupLimits {
  memoryBytes: number
  /** Processes and threads. */
  processes: number
}

/** What the kernel has counted for a cgroup. */
export interface CgroupCounters {
  cpuMs: number
  memoryBytesPeak: number
  processesPeak: number
  /** The kernel ended a process because the memory limit was reached. */
  outOfMemory: boolean
  /** A process or thread could not be made because the limit was reached. */
  forkRefused: boolean
}

/** One cgroup, for one sandbox. */
export interface Cgroup {
  /** Takes a process in; those that it starts from then on are in it too. */
  add(pid: number): void
  /** Ids of the processes in it, as this process sees them. */
  pids(): number[]
  counters(): CgroupCounters
  /** Removes it as soon as it is empty; what the kernel doesn't give free in time stays, and takes nothing but a name. */
  remove(): void
}

/** A place where cgroups may be made. */
export interface Cgroups {
  readonly name: 'cgroup v1' | 'cgroup v2'
  create(limits: CgroupLimits): Cgroup
}
