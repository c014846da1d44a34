import { execFile } from 'node:child_process'
import { resolve } from 'node:path'

export interface Finished {
  exit: number
  stdout: string
  stderr: string
}

const PROGRAM = resolve(import.meta.dirname, '../main.ts')

/** Runs this program as a process of its own, for tests. */
export function azora(args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Finished> {
  return new Promise((settle) => {
    const options = { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8', timeout: 60_000 } as const
    const child = execFile(process.execPath, [PROGRAM, ...args], options, (error, stdout, stderr) => {
      settle({ exit: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr })
    })
    child.stdin?.end(input)
  })
}
