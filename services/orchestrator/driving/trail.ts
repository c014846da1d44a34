import { type AzoraError, type Log, toAzoraError } from '@azora/base'
import type { Draft } from '@azora/journal'
import type { RunFold } from '../fold/run-fold.ts'
import { type Ahead, type Conclude, leads } from './ahead.ts'

/** The entries that a run went on from, on their way into the log. */
export interface Trail {
  conclude: Conclude
  /** True while the fold can't be trusted; it is read again then, and the driver is woken. */
  isLost(): boolean
  settled(): Promise<unknown>
}

export interface TrailHooks {
  /** True when nothing else of the run is under way in this process. */
  isAlone(): boolean
  /** The fold was lost: what is under way has to stop. */
  onLost(): void
  onCaughtUp(): void
  /** An entry that the run went on from could not be appended. */
  recover(error: AzoraError, seen: number): Promise<void>
  pause(ms: number): Promise<void>
  wake(): void
}

const UNREAD_MS = 1_000
const NO_NEWS_MS = 200

export function createTrail(ahead: Ahead, fold: RunFold, log: Log, hooks: TrailHooks): Trail {
  const under = new Set<Promise<void>>()
  let reading: Promise<void> | undefined

  function follow(draft: Draft): void {
    const seen = fold.lastIndex
    const work: Promise<void> = ahead
      .goAhead(draft)
      .then(
        () => undefined,
        (thrown) => {
          ahead.lose()
          hooks.onLost()
          return hooks.recover(toAzoraError(thrown), seen)
        },
      )
      .finally(() => {
        under.delete(work)
        if (ahead.isLost) hooks.wake()
      })
    under.add(work)
  }

  async function read(): Promise<void> {
    const seen = fold.lastIndex
    try {
      await ahead.catchUp()
      hooks.onCaughtUp()
      // Without news the next look would say the same.
      if (fold.lastIndex === seen) await hooks.pause(NO_NEWS_MS)
    } catch (thrown) {
      log.warn({ err: toAzoraError(thrown), run: fold.spec.runId }, 'a run could not be read again')
      await hooks.pause(UNREAD_MS)
    } finally {
      reading = undefined
    }
    hooks.wake()
  }

  return {
    async conclude(draft) {
      if (leads(draft) && hooks.isAlone() && ahead.canLead(draft)) follow(draft)
      else await ahead.append(draft)
    },
    isLost() {
      if (!ahead.isLost) return false
      // What is on its way comes to stand before what is read; each of it wakes the driver.
      if (under.size === 0) reading ??= read()
      return true
    },
    settled: () => Promise.all([...under, reading]),
  }
}
