import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverPid } from './cli.ts'

export type Victim = 'server' | 'node' | 'database'

/** Ends one process of a running platform as a power cut would. */
export function killHard(victim: Victim, dataDir: string): void {
  process.kill(pidOf(victim, dataDir), 'SIGKILL')
}

/** Stops a process of a running platform where it stands, as a hung machine or disk would. Returns what lets it go on. */
export function freeze(victim: Victim, dataDir: string): () => void {
  const pid = pidOf(victim, dataDir)
  process.kill(pid, 'SIGSTOP')
  // A stopped postmaster starts no more; those that serve connections are its children.
  const children = victim === 'database' ? listProcesses().filter(({ parent }) => parent === pid) : []
  for (const child of children) signal(child.pid, 'SIGSTOP')
  return () => {
    for (const frozen of [...children.map((child) => child.pid), pid]) signal(frozen, 'SIGCONT')
  }
}

/** It may have ended by itself. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {}
}

function pidOf(victim: Victim, dataDir: string): number {
  const pid = { server: serverPid, node: nodePid, database: databasePid }[victim](dataDir)
  if (!pid) throw new Error(`there is no ${victim} to kill`)
  return pid
}

function databasePid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
}

interface Process {
  pid: number
  parent: number
  args: string
}

/** Every process of the machine; those that end meanwhile are left out. */
function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').join(' ')
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
        return [{ pid: Number(name), parent: Number(parent), args }]
      } catch {
        return []
      }
    })
}

/** How many processes have the text in their arguments. */
export const processesWith = (text: string): number => listProcesses().filter(({ args }) => args.includes(text)).length

/** The node is a child of the server. */
function nodePid(dataDir: string): number | undefined {
  const server = serverPid(dataDir)
  return listProcesses().find(({ parent, args }) => parent === server && args.includes('main.ts node'))?.pid
}
