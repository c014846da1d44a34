import { type Clock, type Log, type Timer, toAzoraError } from '@azora/base'
import type { Head } from './store/port.ts'

const LOOK_EVERY_MS = 5_000

export interface FenceWatchDeps {
  epoch: number
  head: () => Promise<Head | undefined>
  clock: Clock
  log: Log
  /** Called once when another server has taken the shard over. */
  onTaken: () => void
}

/**
 * Looks now and then whether the shard is still ours. Appends are refused by the store in any case; but a server that appends
 * nothing would never learn of its successor, and keep its nodes and its callers waiting.
 */
export function watchFence({ epoch, head, clock, log, onTaken }: FenceWatchDeps): { stop(): void } {
  let stopped = false
  let timer: Timer

  async function look(): Promise<void> {
    const now = await head().catch((thrown) => log.warn({ err: toAzoraError(thrown) }, 'the fence could not be read'))
    if (stopped) return
    if (now && now.epoch !== epoch) onTaken()
    else arm()
  }
  function arm(): void {
    timer = clock.after(LOOK_EVERY_MS, () => void look())
  }

  arm()
  return {
    stop() {
      stopped = true
      timer.cancel()
    },
  }
}
