import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a running PostgreSQL wrote of itself into its `postmaster.pid`. */
export interface Postmaster {
  pid: number
  socketFolder: string
  ready: boolean
}

/** The live server of a cluster, ours or one that survived whoever started it. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!pid || !isAlive(pid) || !(await isPostgres(pid))) return undefined
  const socketFolder = lines[4] ?? ''
  return { pid, socketFolder, ready: lines[7]?.trim() === 'ready' && existsSync(join(socketFolder, '.s.PGSQL.5432')) }
}

/** A pid file outlives a power cut, and its number may belong to another program since. */
async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  return name.trim() === 'postgres'
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const POLL_MS = 50

/** Resolves with whether the condition came true in time. */
export async function waitUntil(condition: () => Promise<boolean> | boolean, limitMs: number): Promise<boolean> {
  const limit = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() >= limit) return false
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return true
}
