import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A system that is measured: a process that speaks the protocol of `contest.ts`. */
export interface Contestant {
  readonly name: string
  readonly pid: number
  measure(concurrency: number, seconds: number): Promise<Measured>
  stop(): Promise<void>
}

export interface Measured {
  /** That succeeded. */
  runs: number
  failed: number
  seconds: number
  /** Milliseconds, one for each run. */
  latencies: number[]
}

const START_MS_MAX = 120_000
const STOP_MS_MAX = 20_000

/** Starts a contestant; resolves when it is ready to be measured. */
export async function startContestant(
  name: string,
  argv: readonly string[],
  options: { cwd?: string; env: Record<string, string> },
): Promise<Contestant> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...argv], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own, so that whatever it starts ends with it.
    detached: true,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const hear = async (limitMs: number): Promise<unknown> => {
    const limit = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`${name} did not answer within ${limitMs} ms`)), limitMs).unref(),
    )
    const { value, done } = await Promise.race([lines.next(), limit])
    if (done) throw new Error(`${name} ended`)
    return JSON.parse(value)
  }
  const stop = (): Promise<void> => end(child)
  try {
    await hear(START_MS_MAX)
  } catch (thrown) {
    await stop()
    throw thrown
  }
  return {
    name,
    pid: child.pid as number,
    async measure(concurrency, seconds) {
      child.stdin.write(`${JSON.stringify({ concurrency, seconds })}\n`)
      return (await hear(START_MS_MAX + seconds * 1_000)) as Measured
    },
    stop,
  }
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  if (child.exitCode === null && child.signalCode === null) {
    child.stdin?.end()
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await gone
    clearTimeout(limit)
  }
  try {
    process.kill(-(child.pid as number), 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}
