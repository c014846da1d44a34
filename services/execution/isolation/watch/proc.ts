import { readdirSync, readFileSync } from 'node:fs'

/** What the kernel tells of a process (Linux, proc(5)); undefined when it has ended. */
function textOf(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    // It ended while we looked, or it is not ours to see any more.
    return undefined
  }
}

/** A process and all its descendants, by the threads that made them. */
export function treeOf(root: number): number[] {
  const found = [root]
  for (let at = 0; at < found.length && at < TREE_MAX; at += 1) {
    for (const thread of threadsOf(found[at] as number)) {
      const children = textOf(found[at] as number, `task/${thread}/children`) ?? ''
      for (const child of children.split(' ')) if (child !== '') found.push(Number(child))
    }
  }
  return found
}

/** More than any limit lets a sandbox have. */
const TREE_MAX = 65_536

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** Bytes read from and written to storage, by the process and by its children that have ended. */
export function storageOf(pid: number): { read: number; written: number } {
  const text = textOf(pid, 'io') ?? ''
  const field = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return { read: field('read_bytes'), written: field('write_bytes') }
}

export interface Status {
  threads: number
  /** Bytes of memory that no file backs. */
  memoryBytes: number
  /** Size of the table of open files: never less than the number of open files was. */
  filesTable: number
}

export function statusOf(pid: number): Status | undefined {
  const text = textOf(pid, 'status')
  if (text === undefined) return undefined
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return {
    threads: field('Threads'),
    memoryBytes: (field('RssAnon') + field('RssShmem')) * 1024,
    filesTable: field('FDSize'),
  }
}

export function openFilesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}

const TICKS_PER_SECOND = 100

/** Processor time of the process and of its children that have ended, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const text = textOf(pid, 'stat') ?? ''
  // The name, in parentheses, may hold anything; utime, stime, cutime and cstime are the 12th to 15th field after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return (ticks * 1000) / TICKS_PER_SECOND
}
