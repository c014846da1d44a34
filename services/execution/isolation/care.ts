import type { Breach } from '@azora/contracts'
import type { Cgroup, Cgroups } from './cgroup/port.ts'
import type { Care } from './child.ts'
import type { Exit, WatchedLimits } from './port.ts'
import { LIMIT_SIGNALS } from './watch/rlimits.ts'
import { startWatchdog, type Watchdog } from './watch/watchdog.ts'

/** Shells and bubblewrap tell of a process that a signal ended by this and the signal's number. */
const SIGNALLED = 128

/**
 * Puts the processes of a sandbox into a cgroup, if there are any, and watches what they use.
 *
 * @param onBreach ends the sandbox
 */
export function careFor(limits: WatchedLimits, cgroups: Cgroups | undefined, onBreach: () => void): Care {
  let cgroup: Cgroup | undefined
  let watchdog: Watchdog | undefined
  return {
    begin({ root, inside, all }) {
      cgroup = cgroups?.create(limits)
      for (const pid of all) cgroup?.add(pid)
      watchdog = startWatchdog({ root, inside, limits, cgroup }, onBreach)
    },
    usage: () => watchdog?.usage(),
    end(exit) {
      watchdog?.stop()
      cgroup?.remove()
      if (!watchdog) return exit
      const breach = watchdog.breach() ?? breachOf(exit, limits)
      return { ...exit, usage: watchdog.usage(), ...(breach && { breach }) }
    },
  }
}

function breachOf({ code }: Exit, { cpuMs, fileBytes }: WatchedLimits): Breach | undefined {
  const limit = LIMIT_SIGNALS.get((code ?? 0) - SIGNALLED)
  if (limit === undefined) return undefined
  const allowed = limit === 'cpu' ? cpuMs : fileBytes
  return { limit, allowed, used: allowed }
}
