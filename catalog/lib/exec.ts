import { spawn } from 'node:child_process'
import { constants } from 'node:os'

export interface ExecOptions {
  cwd: string
  /** Added to a minimal environment; nothing of the caller's own environment but `PATH` and the proxies is inherited. */
  env?: Record<string, string>
  timeoutMs: number
  /** Bytes of each stream that are kept; the end of the stream when there is more. */
  keepBytes?: number
  /** Bytes of its output, at most, that are printed as they come, so that people see what happens. */
  showBytes?: number
  stdin?: string
}

export interface ExecResult {
  /** 128 plus the signal's number when a signal ended it, as a shell reports it; 127 when the program is missing. */
  exitCode: number
  stdout: string
  stderr: string
  /** Both streams in the order in which they arrived, at most `keepBytes`. */
  output: string
  truncated: boolean
  timedOut: boolean
  durationMs: number
}

const LATE_STREAMS_MS = 1000

const INHERITED = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']

/** Keeps the last `limit` bytes of what it is given. */
function tailBuffer(limit: number) {
  let parts: Buffer[] = []
  let held = 0
  let truncated = false
  const compact = (): Buffer => {
    const all = Buffer.concat(parts)
    const kept = all.subarray(Math.max(0, all.length - limit))
    if (kept.length < all.length) truncated = true
    parts = [Buffer.from(kept)]
    held = kept.length
    return kept
  }
  return {
    push(chunk: Buffer): void {
      parts.push(chunk)
      held += chunk.length
      if (held > limit * 2 + 65_536) compact()
    },
    text: (): string => compact().toString('utf8'),
    truncated: (): boolean => truncated,
  }
}

/** Prints what it is given, up to a number of bytes. */
function showing(bytesMax: number): (stream: NodeJS.WritableStream, chunk: Buffer) => void {
  let left = bytesMax
  return (stream, chunk) => {
    if (left <= 0) return
    stream.write(chunk.subarray(0, left))
    left -= chunk.length
    if (left <= 0) stream.write('\n… the rest is not shown\n')
  }
}

function baseEnv(extra: Record<string, string> = {}): Record<string, string> {
  const env: Record<string, string> = { HOME: '/tmp', LANG: 'C.UTF-8', TZ: 'UTC' }
  for (const name of INHERITED) {
    const value = process.env[name]
    if (value !== undefined) env[name] = value
  }
  env.PATH ??= '/usr/local/bin:/usr/bin:/bin'
  return { ...env, ...extra }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Runs a program in a process group of its own and waits for it. The whole group is killed when the time is up and
 * after the program ended, so nothing that it left behind goes on.
 */
export function exec(program: string, args: readonly string[], options: ExecOptions): Promise<ExecResult> {
  const started = performance.now()
  const keep = options.keepBytes ?? 1_048_576
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: baseEnv(options.env),
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const [stdout, stderr, output] = [tailBuffer(keep), tailBuffer(keep), tailBuffer(keep)]
  const show = showing(options.showBytes ?? 0)
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk)
    output.push(chunk)
    show(process.stdout, chunk)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr.push(chunk)
    output.push(chunk)
    show(process.stderr, chunk)
  })
  // A program that ends without reading its input is no failure of ours.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.stdin ?? '')

  return new Promise((resolve) => {
    let timedOut = false
    let lateStreams: NodeJS.Timeout | undefined
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(child.pid)
    }, options.timeoutMs)
    const settle = (exitCode: number): void => {
      clearTimeout(timer)
      clearTimeout(lateStreams)
      resolve({
        exitCode,
        stdout: stdout.text(),
        stderr: stderr.text(),
        output: output.text(),
        truncated: output.truncated(),
        timedOut,
        durationMs: Math.round(performance.now() - started),
      })
    }
    child.on('exit', () => {
      clearTimeout(timer)
      killGroup(child.pid)
      // A process that left the group may hold the streams open; what it writes is no longer waited for.
      lateStreams = setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, LATE_STREAMS_MS)
    })
    child.on('close', (code, signal) => settle(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    child.on('error', (error: NodeJS.ErrnoException) => {
      stderr.push(Buffer.from(`${program}: ${error.code ?? error.message}`))
      output.push(Buffer.from(`${program}: ${error.code ?? error.message}`))
      settle(error.code === 'ENOENT' ? 127 : 126)
    })
  })
}
