import { type Log, toAzoraError } from '@azora/base'
import type { Entry } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { RunStore } from '../store/runs.ts'
import { type Changes, newChanges } from './changes.ts'
import { createRests, type Rest } from './rests.ts'

const PAGE = 2_000
const RETRY_MS = 500
/** Lists wait this long for the newest entries; while the database is away they say so instead of waiting on. */
export const LIST_MS_MAX = 2_000
/** What happens to a run within so much time is written once. */
const GATHER_MS = 200
/** Runs with entries that are kept in memory; when there are more, the list is made from what the journal has stored. */
const GATHERED_MAX = 5_000

/** Keeps the list of runs up with the journal. */
export interface Projector {
  /** Resolves when the list holds everything that the journal held at the call, or after the limit. */
  caughtUp(limitMs?: number): Promise<void>
  /** See `Rests.note`. */
  rested(rest: Rest): void
  stop(): Promise<void>
}

export function createProjector(
  journal: Pick<Journal, 'read' | 'subscribe' | 'status'>,
  store: RunStore,
  log: Log,
): Projector {
  const { shard } = journal.status()
  /** What was committed since, in one piece; undefined when there is a gap. */
  let gathered: Changes | undefined
  const rests = createRests()
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let stopped = false

  const wake = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    working ??= follow().finally(() => {
      working = undefined
    })
    return working
  }

  async function follow(): Promise<void> {
    let from: number | undefined
    while (!stopped) {
      try {
        from ??= await store.next(shard)
        const { size } = journal.status()
        // Another server has written on: what this one has seen of runs is old.
        if (from > size) return
        const next = from < size ? await changesFrom(from) : newChanges(from)
        const rest = rests.after(next)
        if (next.to === from && rest.resting.length === 0) return
        const isApplied = await store.apply(shard, { from, to: next.to }, next.list(), rest)
        if (isApplied) rests.settle(rest.resting)
        from = isApplied ? next.to : undefined
      } catch (thrown) {
        if (stopped) return
        from = undefined
        log.warn({ err: toAzoraError(thrown) }, 'the list of runs lags behind the journal; trying again')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  /** Those that were gathered, if they go on where the list ends; else those of a page of the journal, up to them. */
  async function changesFrom(from: number): Promise<Changes> {
    if (gathered && gathered.from <= from) {
      const mine = gathered
      gathered = undefined
      if (mine.from === from) return mine
    }
    const end = gathered?.from ?? journal.status().size
    const page = newChanges(from)
    page.add(await journal.read(from, Math.min(PAGE, end - from)))
    return page
  }

  function gather(entries: readonly Entry[]): void {
    const [first] = entries
    if (!first) return
    if (gathered?.to !== first.header.index || gathered.lastOf.size >= GATHERED_MAX)
      gathered = newChanges(first.header.index)
    gathered.add(entries)
    wakeSoon()
  }

  function wakeSoon(): void {
    timer ??= setTimeout(() => void wake(), GATHER_MS)
  }

  const unsubscribe = journal.subscribe(gather)
  return {
    async caughtUp(limitMs) {
      let limiting: NodeJS.Timeout | undefined
      const limit = new Promise<void>((resolve) => {
        if (limitMs !== undefined) limiting = setTimeout(resolve, limitMs)
      })
      // The work under way may have read its last page before the newest entry: one more round sees it.
      await Promise.race([(working ?? Promise.resolve()).then(wake), limit])
      clearTimeout(limiting)
    },
    rested(rest) {
      rests.note(rest)
      wakeSoon()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
      await working
    },
  }
}
