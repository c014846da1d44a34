import { totalmem } from 'node:os'
import type { Job } from './port.ts'
import { keyOf, type PureProcess } from './pure-process.ts'

/** What a process that waits takes of memory, about. */
const PROCESS_BYTES = 64 * 1024 * 1024
/** As many as fit into a sixteenth of the memory: to start one takes the time of hundreds of actions, and each serves one tenant. */
const IDLE_MAX = Math.min(64, Math.max(4, Math.floor(totalmem() / 16 / PROCESS_BYTES)))
const IDLE_MS_MAX = 60_000

/** Processes with engines that wait for actions. */
export interface EnginePool {
  /** One that waits and fits, or a new one. */
  take(job: Job): PureProcess
  putAway(pure: PureProcess): void
  close(): void
}

/** @param start makes a process for actions like this one */
export function createEnginePool(start: (job: Job) => PureProcess): EnginePool {
  /** The longest-waiting first; the last is taken first, as what it works with is still near the processor. */
  const idle = new Map<PureProcess, NodeJS.Timeout>()

  const remove = (pure: PureProcess): void => {
    clearTimeout(idle.get(pure))
    idle.delete(pure)
  }
  const end = (pure: PureProcess): void => {
    remove(pure)
    pure.kill()
  }

  return {
    take(job) {
      const key = keyOf(job)
      const ready = [...idle.keys()].findLast((pure) => pure.key === key)
      if (ready) {
        remove(ready)
        return ready
      }
      const pure = start(job)
      const forget = (): void => remove(pure)
      pure.exited.then(forget, forget)
      return pure
    },
    putAway(pure) {
      const [oldest] = idle.keys()
      if (oldest && idle.size >= IDLE_MAX) end(oldest)
      idle.set(pure, setTimeout(() => end(pure), IDLE_MS_MAX).unref())
    },
    close() {
      for (const pure of idle.keys()) end(pure)
    },
  }
}
