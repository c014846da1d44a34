import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type LocalServer, localServer } from '@azora/sdk/client'
import { CliError, EXIT } from '../exit.ts'
import { createLogTail } from './log-tail.ts'
import { SERVER_PROGRAM } from './paths.ts'

export interface ManagedServerOptions {
  dataDir: string
  port: number
  env: NodeJS.ProcessEnv
  /** Told what the server says about its start. */
  onStage: (text: string) => void
  /** The server program; that of this checkout by default. */
  program?: string
}

/** How the process of a server ended. */
export interface ServerEnd {
  /** In words that follow "the server". */
  how: string
  /** Somebody asked it to stop, and it did in order. */
  isStop: boolean
}

/** A server that lives as long as the pipe to its standard input. */
export interface ManagedServer {
  /** Resolves when the process has ended. */
  readonly ended: Promise<ServerEnd>
  /** Resolves when it answers requests; rejects when it ends before, or takes longer than a minute. */
  ready(signal: AbortSignal): Promise<LocalServer>
  /** The end of what it printed. */
  tail(): string
  /** Resolves when the process is gone. */
  stop(): Promise<void>
}

const READY_LIMIT_MS = 60_000
const POLL_MS = 100
const STOP_LIMIT_MS = 15_000
const LAST_WORDS_MS = 250

export function startManagedServer(options: ManagedServerOptions): ManagedServer {
  const { dataDir, port, env, onStage, program = SERVER_PROGRAM } = options
  const args = [program, 'up', '--port', String(port), '--data', dataDir, '--managed']
  // Its own process group: Ctrl-C in the terminal is for this program alone.
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env })
  const tail = createLogTail(onStage)
  child.stdout.on('data', tail.take)
  child.stderr.on('data', tail.take)
  child.stdin.on('error', () => tail.note('its standard input is closed'))

  let end: ServerEnd | undefined
  const ended = endOf(child)
  void ended.then((its) => {
    end = its
  })

  return {
    ended,
    tail: tail.text,
    async ready(signal) {
      for (let waited = 0; waited < READY_LIMIT_MS; waited += POLL_MS) {
        if (end) throw serverDied(end.how, tail.text())
        const server = await localServer(dataDir)
        if (server && (await answers(server.url))) return server
        await sleep(POLL_MS, undefined, { signal })
      }
      throw new CliError(
        EXIT.unreachable,
        'start_timeout',
        `the server wasn't ready within 60 s\n${tail.text()}`,
        DOCTOR,
      )
    },
    async stop() {
      child.stdin.end()
      if (await endsWithin(ended, STOP_LIMIT_MS)) return
      child.kill('SIGTERM')
      if (await endsWithin(ended, STOP_LIMIT_MS)) return
      child.kill('SIGKILL')
      await ended
    },
  }
}

const DOCTOR = 'Find out what is missing with ./azora doctor.'

function serverDied(how: string, text: string): CliError {
  return new CliError(EXIT.unreachable, 'server_died', `the server ${how} while it started\n${text}`.trimEnd(), DOCTOR)
}

/**
 * How the process ended. What it started may outlive it and hold its output open; that is not waited for.
 */
function endOf(child: ChildProcessByStdio<Writable, Readable, Readable>): Promise<ServerEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ how: `can't be started: ${error.message}`, isStop: false }))
    child.once('exit', (code, signal) => {
      const end = (): void => {
        clearTimeout(limit)
        child.stdout.destroy()
        child.stderr.destroy()
        resolve({ how: signal ? `was ended by ${signal}` : `ended with exit code ${code}`, isStop: code === 0 })
      }
      const limit = setTimeout(end, LAST_WORDS_MS)
      child.once('close', end)
    })
  })
}

/** True when a server at `url` says that it is healthy. */
export async function answers(url: string): Promise<boolean> {
  return createClient({ url, attempts: 1 })
    .healthy({ signal: AbortSignal.timeout(2_000) })
    .catch(() => false)
}

async function endsWithin(ended: Promise<ServerEnd>, ms: number): Promise<boolean> {
  const stop = new AbortController()
  const limit = sleep(ms, false, { signal: stop.signal }).catch(() => false)
  const done = await Promise.race([ended.then(() => true), limit])
  stop.abort()
  return done
}
