import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** The last line of a command's output as JSON. */
export const lastJson = <T>({ stdout, stderr, code }: Finished): T => {
  const line = stdout.trimEnd().split('\n').at(-1) ?? ''
  if (!line.startsWith('{') && !line.startsWith('['))
    throw new Error(`no JSON at the end (exit ${code}): ${stdout}\n${stderr}`)
  return JSON.parse(line) as T
}

/**
 * The real command line with a data directory of its own.
 *
 * @param root of the checkout
 */
export function createCli(dataDir: string, more: NodeJS.ProcessEnv = {}, root = ROOT) {
  const program = join(root, 'apps/cli/main.ts')
  const env = { ...process.env, AZORA_DATA_DIR: dataDir, NO_COLOR: '1', DATABASE_URL: undefined, ...more }

  const start = (...args: string[]): { child: ChildProcess; finished: Promise<Finished> } => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, stdout, stderr }))
    })
    return { child, finished }
  }
  return {
    start,
    run: (...args: string[]): Promise<Finished> => start(...args).finished,
    /** Starts `up` on a free port; resolves when it is ready. */
    async up(): Promise<{ child: ChildProcess; finished: Promise<Finished> }> {
      const running = start('up', '--port', '0')
      await Promise.race([
        until(() => serverPid(dataDir) !== undefined, 60_000, 'the server to be ready'),
        running.finished.then(({ stderr }) => {
          throw new Error(`up ended: ${stderr}`)
        }),
      ])
      return running
    },
  }
}

/** Process id in `server.json`, if that process lives. */
export function serverPid(dataDir: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as { pid: number }
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

export async function until(condition: () => boolean | Promise<boolean>, limitMs: number, what: string): Promise<void> {
  const limit = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
