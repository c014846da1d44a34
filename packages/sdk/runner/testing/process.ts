import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export const CATALOG = pathOf('./catalog')

export interface Ended {
  status: number | null
  stdout: string
  stderr: string
  /** What was written to file descriptor 3. */
  result: string
}

export interface RunnerCall {
  runner: 'skill' | 'agent' | 'describe'
  argument: string
  stdin?: string
  env?: NodeJS.ProcessEnv
}

/** Runs a runner as the process that it is, to its end. */
export async function runRunner({ runner, argument, stdin = '', env = {} }: RunnerCall): Promise<Ended> {
  const child = spawn(process.execPath, [pathOf(`../${runner}.ts`), argument], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  })
  const status = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  child.stdin.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  child.stdin.end(stdin)
  const [stdout, stderr, result] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    text(child.stdio[3] as Readable),
  ])
  return { status: await status, stdout, stderr, result }
}
