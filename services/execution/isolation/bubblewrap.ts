import { execFile } from 'node:child_process'
import { closeSync, openSync, realpathSync } from 'node:fs'
import { promisify } from 'node:util'
import { AzoraError } from '@azora/base'
import { careFor } from './care.ts'
import { findCgroups } from './cgroup/find.ts'
import type { Cgroups } from './cgroup/port.ts'
import { FIRST_FREE_FD, startWalled } from './child.ts'
import { covering, inheritedDescriptors } from './inherited.ts'
import { baseMounts } from './mounts.ts'
import { type Isolation, type Sandboxed, WORKSPACE } from './port.ts'
import { type Architecture, architectureOf, filterFor } from './seccomp/filter.ts'
import { keepFilter } from './seccomp/open-filter.ts'
import { wallsFor } from './walls.ts'
import { rlimitArguments } from './watch/rlimits.ts'
import { watchedLimits } from './watched-limits.ts'

const CHECK_MS_MAX = 10_000

/**
 * Isolation by bubblewrap on Linux. Throws `isolation_unavailable` where namespaces can't be made: nothing is ever run
 * without them.
 */
export async function createIsolation({
  projectRoot,
  cgroups = findCgroups(),
}: {
  projectRoot: string
  /** Where there are none, or null, limits are kept by rlimits and by looking. */
  cgroups?: Cgroups | null | undefined
}): Promise<Isolation> {
  const version = await checkBubblewrap()
  const openFilter = keepFilter(filterFor(architecture()))
  const base = baseMounts(realpathSync(projectRoot), process.execPath)
  const inherited = inheritedDescriptors()
  const nothing = inherited.length > 0 ? openSync('/dev/null', 'r') : 0
  return {
    describe: () => `${version}, seccomp, limits by ${cgroups?.name ?? 'rlimits'}`,
    workspacePath: () => WORKSPACE,
    launch(spec) {
      const limits = watchedLimits(spec)
      const filter = openFilter()
      const grants = [...(spec.read ?? []), ...(spec.write ?? [])].filter((place) => typeof place !== 'string')
      // Bubblewrap closes what it was given to mount; the command gets none of it.
      const passed = [filter, ...grants.map(({ fd }) => fd)]
      const walled = {
        rlimits: rlimitArguments(limits, cgroups != null),
        walls: wallsFor(base(limits.tmpBytes), spec, FIRST_FREE_FD),
        argv: spec.argv,
        cover: [...passed, ...covering(FIRST_FREE_FD + passed.length, inherited, nothing)],
        ...(!cgroups && { processesMax: limits.processes }),
      }
      const care = careFor(limits, cgroups ?? undefined, () => sandbox.kill())
      const sandbox: Sandboxed = startWalled(walled, care)
      closeSync(filter)
      return sandbox
    },
  }
}

function architecture(): Architecture {
  const known = architectureOf(process.arch)
  if (known) return known
  throw unavailable(`there is no filter of system calls for ${process.arch}`, 'Run Azora on x86_64 or aarch64.')
}

async function checkBubblewrap(): Promise<string> {
  if (process.platform !== 'linux') {
    throw unavailable(
      `there is no isolation for ${process.platform} yet`,
      'Run Azora on Linux, or in a Linux virtual machine.',
    )
  }
  const run = promisify(execFile)
  try {
    const { stdout } = await run('bwrap', ['--version'], { timeout: CHECK_MS_MAX })
    const { stdout: help } = await run('bwrap', ['--help'], { timeout: CHECK_MS_MAX })
    if (!help.includes('--ro-bind-fd')) throw tooOld(stdout.trim())
    await run('bwrap', ['--unshare-all', '--cap-drop', 'ALL', '--ro-bind', '/', '/', '/bin/true'], {
      timeout: CHECK_MS_MAX,
    })
    return stdout.trim()
  } catch (thrown) {
    if (thrown instanceof AzoraError) throw thrown
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    throw missing
      ? unavailable('bubblewrap is not installed', 'Type: sudo apt-get install -y bubblewrap', thrown)
      : unavailable(
          `bubblewrap can't make namespaces here: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
          'Allow unprivileged user namespaces: sudo sysctl kernel.unprivileged_userns_clone=1, or run outside this container.',
          thrown,
        )
  }
}

const tooOld = (version: string): AzoraError =>
  unavailable(`${version} can't mount what was checked (--ro-bind-fd)`, 'Upgrade bubblewrap to 0.10 or newer.')

const unavailable = (message: string, remedy: string, cause?: unknown): AzoraError =>
  new AzoraError('fix', 'isolation_unavailable', message, { remedy, cause })
