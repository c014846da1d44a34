import { execFile, execFileSync } from 'node:child_process'

/** A process as ps(1) tells of it, on macOS and on Linux. */
export interface Process {
  pid: number
  parent: number
  group: number
  memoryBytes: number
  cpuMs: number
  /** When it began: with its id, it names the process for good. */
  began: string
}

const COLUMNS = ['-A', '-o', 'pid=,ppid=,pgid=,rss=,time=,lstart=']
const OPTIONS = { encoding: 'utf8', timeout: 5_000, maxBuffer: 16 * 1024 * 1024, env: { LC_ALL: 'C' } } as const

export const processesNow = (): Process[] => processesIn(execFileSync('/bin/ps', COLUMNS, OPTIONS))

export const processesSoon = (): Promise<Process[]> =>
  new Promise((resolve, reject) => {
    execFile('/bin/ps', COLUMNS, OPTIONS, (error, text) => (error ? reject(error) : resolve(processesIn(text))))
  })

const LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d:.-]+)\s+(.+?)\s*$/

export function processesIn(text: string): Process[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, group, kib, time = '', began = ''] = LINE.exec(line) ?? []
    if (pid === undefined) return []
    const memoryBytes = Number(kib) * 1024
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), memoryBytes, cpuMs: msOf(time), began }]
  })
}

/** `1:02.50` on macOS, `00:01:02` or `1-00:01:02` on Linux. */
function msOf(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time]
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return (Number(days) * 86_400 + seconds) * 1000
}

/** Those of `all` that descend from known ones, are in the group, or are known themselves. */
export function membersOf(all: readonly Process[], group: number, known: ReadonlyMap<number, string>): Process[] {
  const isKnown = ({ pid, began }: Process): boolean => known.get(pid) === began
  const members = new Set(all.filter((one) => one.group === group || one.pid === group || isKnown(one)))
  for (let before = -1; before < members.size; ) {
    before = members.size
    const ids = new Set([...members].map(({ pid }) => pid))
    for (const one of all) if (ids.has(one.parent)) members.add(one)
  }
  return [...members]
}
