import { readdirSync, readFileSync } from 'node:fs'

/** Processor time in seconds and resident memory in bytes of some processes together. */
export interface ProcessUsage {
  cpuSeconds: number
  memoryBytes: number
}

/** Of Linux, which has 100 in a second wherever Node.js runs. */
const TICKS_A_SECOND = 100
const PAGE_BYTES = 4_096

interface Process {
  pid: number
  parent: number
  usage: ProcessUsage
}

/**
 * What a process, its descendants and their ended children have used so far. Undefined where there is no `/proc`.
 *
 * Memory is the sum of resident sets, in which shared pages count once for each process.
 */
export function usageOfTree(root: number): ProcessUsage | undefined {
  const processes = readProcesses()
  if (processes.length === 0) return undefined
  const wanted = new Set([root])
  // Parents have no certain place before their children in the list.
  for (let before = 0; before !== wanted.size; ) {
    before = wanted.size
    for (const { pid, parent } of processes) if (wanted.has(parent)) wanted.add(pid)
  }
  const sum = { cpuSeconds: 0, memoryBytes: 0 }
  for (const { pid, usage } of processes) {
    if (!wanted.has(pid)) continue
    sum.cpuSeconds += usage.cpuSeconds
    sum.memoryBytes += usage.memoryBytes
  }
  return sum
}

/** Resident memory of one process in MiB, now and at its most; zero where there is no `/proc`. */
export function memoryOf(pid: number): { nowMb: number; mostMb: number } {
  let text = ''
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    // It has ended, or this is no Linux.
  }
  const mb = (field: string): number =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1_024)
  return { nowMb: mb('VmRSS'), mostMb: mb('VmHWM') }
}

function readProcesses(): Process[] {
  let names: string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return []
  }
  return names.flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      return [processIn(Number(name), readFileSync(`/proc/${name}/stat`, 'utf8'))]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

/** Fields after the name, which may hold anything but ends with the last parenthesis: proc_pid_stat(5). */
function processIn(pid: number, stat: string): Process {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const at = (field: number): number => fields[field - 3] ?? 0
  const ticks = at(14) + at(15) + at(16) + at(17)
  return {
    pid,
    parent: at(4),
    usage: { cpuSeconds: ticks / TICKS_A_SECOND, memoryBytes: at(24) * PAGE_BYTES },
  }
}
