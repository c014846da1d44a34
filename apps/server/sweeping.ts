import { type Clock, type Log, type Timer, toAzoraError } from '@azora/base'
import type { Uploads } from '@azora/execution'

export interface SweepingDeps {
  uploads: Pick<Uploads, 'sweep'>
  clock: Pick<Clock, 'after'>
  log: Log
}

const EVERY_MS = 3_600_000
/** A sweep that left something is followed by the next one soon. */
const SOON_MS = 1_000

/** Removes uploads that are over from now on: at once, then every hour. The function that is returned ends it. */
export function sweepUploads({ uploads, clock, log }: SweepingDeps): () => Promise<void> {
  const stopping = new AbortController()
  let timer: Timer | undefined
  let sweeping: Promise<void> = Promise.resolve()

  async function sweep(): Promise<void> {
    let waitMs = EVERY_MS
    try {
      const { removed, more } = await uploads.sweep(stopping.signal)
      if (removed > 0) log.info({ removed }, 'uploads that were over were removed')
      if (more) waitMs = SOON_MS
    } catch (thrown) {
      log.warn({ err: toAzoraError(thrown) }, 'uploads that are over could not be removed; it is tried again')
    }
    plan(waitMs)
  }
  function plan(waitMs: number): void {
    if (stopping.signal.aborted) return
    timer = clock.after(waitMs, () => {
      sweeping = sweep()
    })
  }

  plan(0)
  return () => {
    stopping.abort()
    timer?.cancel()
    return sweeping
  }
}
