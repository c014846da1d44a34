import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverPid } from './cli.ts'

export type Victim = 'server' | 'node' | 'database'

/** Ends one process of a running platform as a power cut would. */
export function killHard(victim: Victim, dataDir: string): void {
  process.kill(pidOf(victim, dataDir), 'SIGKILL')
}

function pidOf(victim: Victim, dataDir: string): number {
  const pid = { server: serverPid, node: nodePid, database: databasePid }[victim](dataDir)
  if (!pid) throw new Error(`there is no ${victim} to kill`)
  return pid
}

function databasePid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])
}

/** The node is a child of the server. */
function nodePid(dataDir: string): number | undefined {
  const server = serverPid(dataDir)
  const listed = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  const line = listed.split('\n').find((text) => {
    const [, ppid] = text.trim().split(/\s+/)
    return Number(ppid) === server && text.includes('main.ts node')
  })
  return line ? Number(line.trim().split(/\s+/)[0]) : undefined
}
