import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

export interface Started {
  child: ChildProcess
  finished: Promise<Finished>
}

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

  const running = new Set<ChildProcess>()

  const start = (...args: string[]): Started => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    child.once('close', () => running.delete(child))
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
    async up(): Promise<Started> {
      const server = start('up', '--port', '0')
      await Promise.race([
        until(() => serverPid(dataDir) !== undefined, 60_000, 'the server to be ready'),
        server.finished.then(({ stderr }) => {
          throw new Error(`up ended: ${stderr}`)
        }),
      ])
      return server
    },
    /** Ends all that was started and has not ended. */
    stop: async (): Promise<void> => {
      await Promise.all([...running].map(end))
    },
  }
}

/** What doesn't end when it is asked to is killed. */
async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  const killing = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX)
  await closed
  clearTimeout(killing)
}

const END_MS_MAX = 20_000

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
