import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { promisify } from 'node:util'
import { AzoraError } from '@azora/base'
import { PROJECT_FOLDERS } from '../mounts.ts'
import type { Grant, Isolation, LaunchSpec, Sandboxed, WatchedLimits } from '../port.ts'
import { watchedLimits } from '../watched-limits.ts'
import { profileFor } from './profile.ts'
import { followTroop, type Troop } from './troop.ts'

const SANDBOX_EXEC = '/usr/bin/sandbox-exec'
const CHECK_MS_MAX = 10_000
const BLOCK_BYTES = 512

/**
 * Isolation by sandbox-exec(1) on macOS. Throws `isolation_unavailable` where it doesn't work. Limits are kept by rlimits and
 * by looking; there are no limits on disk and on the size of the private folder for temporary files.
 */
export async function createSeatbelt({ projectRoot }: { projectRoot: string }): Promise<Isolation> {
  await promisify(execFile)(SANDBOX_EXEC, ['-p', profileFor({ read: [], write: [], sockets: [] }), '/usr/bin/true'], {
    timeout: CHECK_MS_MAX,
  }).catch((cause) => {
    throw new AzoraError('fix', 'isolation_unavailable', `sandbox-exec doesn't work here: ${cause.message}`, {
      remedy: 'Run Azora outside other sandboxes, or in a Linux virtual machine.',
      cause,
    })
  })
  const project = realpathSync(projectRoot)
  const base = [process.execPath, ...PROJECT_FOLDERS.map((folder) => join(project, folder))].map((path) =>
    realpathSync(path),
  )
  return {
    describe: () => `sandbox-exec of Darwin ${release()}, limits by rlimits`,
    workspacePath: (folder) => folder,
    launch(spec) {
      const temporary = mkdtempSync(join(realpathSync(tmpdir()), 'azora-'))
      return start(spec, temporary, seatbeltArguments(spec, base, temporary))
    },
  }
}

/** Arguments of sandbox-exec for a launch. */
export function seatbeltArguments(spec: LaunchSpec, base: readonly string[], temporary: string): string[] {
  const { workspace, egressSocket, read = [], write = [] } = spec
  const own = workspace ? { [workspace.mode]: [realpathSync(workspace.path)] } : {}
  const profile = profileFor({
    read: [...base, ...read.map(pathOf), ...(own.read ?? [])],
    write: [temporary, ...write.map(pathOf), ...(own.write ?? [])],
    sockets: egressSocket ? [realpathSync(egressSocket)] : [],
  })
  const limits = ulimits(watchedLimits(spec))
  return ['-p', profile, '/bin/sh', '-c', `${limits} && exec "$@"`, 'sh', ...spec.argv]
}

/** For sh(1): they hold for each process by itself. */
const ulimits = ({ fileBytes, openFiles, cpuMs }: WatchedLimits): string =>
  [
    `ulimit -f ${Math.ceil(fileBytes / BLOCK_BYTES)}`,
    `ulimit -n ${openFiles}`,
    `ulimit -t ${Math.ceil(cpuMs / 1000) + 1}`,
    'ulimit -c 0',
  ].join(' && ')

const pathOf = (place: Grant | string): string => (typeof place === 'string' ? realpathSync(place) : place.path)

function start(spec: LaunchSpec, temporary: string, args: readonly string[]): Sandboxed {
  const { env, egressSocket, workspace } = spec
  const child = spawn(SANDBOX_EXEC, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
      LANG: 'C.UTF-8',
      HOME: temporary,
      TMPDIR: temporary,
      ...env,
      ...(egressSocket && { AZORA_EGRESS_SOCKET: realpathSync(egressSocket) }),
    },
    cwd: workspace?.path ?? temporary,
    detached: true,
  })
  const [stdin, stdout, stderr, result] = child.stdio as unknown as [Writable, Readable, Readable, Readable]
  stdin.on('error', () => undefined)
  const troop: Troop | undefined = child.pid ? followTroop(child.pid, watchedLimits(spec)) : undefined
  // A process that outlives the command holds its streams open: it has to go before they can close.
  child.once('exit', () => troop?.kill())
  const exited: Sandboxed['exited'] = new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      const exit = troop?.end({ code, signal }) ?? { code, signal }
      rmSync(temporary, { recursive: true, force: true })
      resolve(exit)
    })
    child.once('error', reject)
  })
  exited.catch(() => rmSync(temporary, { recursive: true, force: true }))
  return { stdin, stdout, stderr, result, usage: () => troop?.usage(), kill: () => troop?.kill(), exited }
}
