import { type Entry, isErased, isTerminal, type RunEnded } from '@azora/contracts'
import type { Journal } from '@azora/journal'

/** Tells those who wait how runs ended. */
export interface Ends {
  /**
   * Undefined when the run has not ended after so many milliseconds, or when too many wait already.
   *
   * @param isNew whether the run was scheduled just now, so that what it has done need not be read
   * @param signal aborts when nobody waits any longer
   */
  of(runId: string, limitMs: number, isNew: boolean, signal?: AbortSignal): Promise<RunEnded | undefined>
  /** Nobody waits any longer. */
  stop(): void
}

const WAITING_MAX = 10_000

export function createEnds(journal: Pick<Journal, 'subscribe' | 'readRun'>): Ends {
  /** By run. */
  const waiting = new Map<string, Set<Waiter>>()
  let count = 0

  const leave = (runId: string, waiter: Waiter): void => {
    const all = waiting.get(runId)
    if (!all?.delete(waiter)) return
    count -= 1
    if (all.size === 0) waiting.delete(runId)
    clearTimeout(waiter.timer)
  }
  const tell = (waiter: Waiter, entry: Entry): void => {
    waiter.ended = toldBy(entry, waiter.ended)
    if (!endsRun(entry)) return
    leave(waiter.ended.runId, waiter)
    waiter.resolve(waiter.ended)
  }
  const hear = (runId: string, entry: Entry): void => {
    for (const waiter of waiting.get(runId) ?? []) tell(waiter, entry)
  }
  const unsubscribe = journal.subscribe((entries) => {
    if (count === 0) return
    for (const entry of entries) if (entry.header.run) hear(entry.header.run, entry)
  })

  return {
    async of(runId, limitMs, isNew, signal) {
      if (count >= WAITING_MAX || signal?.aborted) return undefined
      const { promise, resolve } = Promise.withResolvers<RunEnded | undefined>()
      const give = (): void => {
        leave(runId, waiter)
        resolve(undefined)
      }
      const waiter: Waiter = { ended: { runId, state: 'scheduled' }, resolve, timer: setTimeout(give, limitMs) }
      waiting.set(runId, (waiting.get(runId) ?? new Set()).add(waiter))
      count += 1
      signal?.addEventListener('abort', give, { once: true })
      // What arrives meanwhile is told again by what is read: the last entry is the same.
      if (!isNew) for (const entry of await journal.readRun(runId)) tell(waiter, entry)
      return promise
    },
    stop() {
      unsubscribe()
      for (const [runId, all] of waiting) {
        for (const waiter of all) {
          leave(runId, waiter)
          waiter.resolve(undefined)
        }
      }
    },
  }
}

interface Waiter {
  /** What is known so far. */
  ended: RunEnded
  resolve: (ended: RunEnded | undefined) => void
  timer: NodeJS.Timeout
}

const endsRun = ({ header: { transition } }: Entry): boolean => transition !== undefined && isTerminal(transition.to)

function toldBy(entry: Entry, before: RunEnded): RunEnded {
  const { transition } = entry.header
  const told = { ...before, ...(transition && { state: transition.to }) }
  if (isErased(entry)) return told
  if ('outputs' in entry.payload && entry.header.kind === 'run.validated')
    return { ...told, outputs: entry.payload.outputs }
  return entry.header.kind === 'run.failed' && 'error' in entry.payload ? { ...told, error: entry.payload.error } : told
}
