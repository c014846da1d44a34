import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { careFor } from './care.ts'
import type { Isolation, LaunchSpec, Sandboxed } from './port.ts'
import { treeOf } from './watch/proc.ts'
import { rlimitArguments } from './watch/rlimits.ts'
import { watchedLimits } from './watched-limits.ts'

const NO_ISOLATION = 'none'

const PRLIMIT = '/usr/bin/prlimit'

/**
 * No isolation: the command runs as this process does, with all its rights, and sees all that it sees. For machines where
 * there is none, by people who know what they run. Limits are kept by rlimits and by looking, on Linux; the end of the
 * command takes its process group and its descendants along, but not what has left both.
 */
export function createNoIsolation(): Isolation {
  return {
    describe: () => NO_ISOLATION,
    workspacePath: (folder) => folder,
    launch(spec) {
      const limits = watchedLimits(spec)
      const [program, ...args] = [...limiting(rlimitArguments(limits, false)), ...spec.argv]
      const child = spawn(program as string, args, {
        stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
        env: environmentOf(spec),
        cwd: spec.workspace?.path ?? '/tmp',
        detached: true,
      })
      const [stdin, stdout, stderr, result] = child.stdio as unknown as [Writable, Readable, Readable, Readable]
      stdin.on('error', () => undefined)
      const kill = (): void => {
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
        for (const pid of [-child.pid, ...treeOf(child.pid)]) end(pid)
      }
      const care = careFor(limits, undefined, kill)
      if (child.pid !== undefined && process.platform === 'linux')
        care.begin({ root: child.pid, inside: child.pid, all: [child.pid] })
      const exited: Sandboxed['exited'] = new Promise((resolve, reject) => {
        child.once('close', (code, signal) => resolve(care.end({ code, signal })))
        child.once('error', reject)
      })
      exited.catch(() => undefined)
      return { stdin, stdout, stderr, result, usage: () => care.usage(), kill, exited }
    },
  }
}

const environmentOf = ({ env, egressSocket }: LaunchSpec): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  HOME: '/tmp',
  TMPDIR: '/tmp',
  ...env,
  ...(egressSocket && { AZORA_EGRESS_SOCKET: egressSocket }),
})

function limiting(rlimits: readonly string[]): string[] {
  try {
    accessSync(PRLIMIT, constants.X_OK)
    return [PRLIMIT, ...rlimits, '--']
  } catch {
    return []
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}
