import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Log } from '@azora/base'
import type { DataDir } from './data-dir.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const RESTART_MS = 500
const STOP_LIMIT_MS = 5_000

export interface NodeChild {
  stop(): Promise<void>
}

/** Runs the local execution node as a process of its own and starts it again when it dies. It ends when we do. */
export function startNodeChild(options: {
  serverUrl: string
  dataDir: DataDir
  capacity: number
  isolation: string
  logLevel: string
  log: Log
}): NodeChild {
  const { dataDir, log } = options
  const url = `${options.serverUrl.replace(/^http/, 'ws')}/api/v1/nodes/connect`
  const argv = [
    MAIN,
    'node',
    '--managed',
    ...['--url', url],
    ...['--data', dataDir.path],
    ...['--token-file', dataDir.nodeTokenFile],
    ...['--journal-key-file', dataDir.journalKeyFile],
    ...['--capacity', String(options.capacity)],
    ...['--isolation', options.isolation],
    // It ends with us: what it leaves is taken up at the next start.
    ...['--drain', '0'],
    ...['--log-level', options.logLevel],
  ]
  let stopping = false
  let child: ChildProcess

  const launch = (): void => {
    // Its standard input is a pipe from us: when we die, however we die, it reads the end and stops.
    child = spawn(process.execPath, argv, { stdio: ['pipe', 'ignore', 'inherit'] })
    child.once('error', (error) => log.error({ err: error }, 'the execution node could not be started'))
    child.once('exit', (code, signal) => {
      if (stopping) return
      log.warn({ code, signal }, 'the execution node died; starting it again')
      setTimeout(() => stopping || launch(), RESTART_MS)
    })
  }
  launch()
  return {
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      await gone
      clearTimeout(limit)
    },
  }
}
