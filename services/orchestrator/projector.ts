import { type Log, toAzoraError } from '@azora/base'
import { type Entry, isErased, isTerminal } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { erasedSpec } from './erased.ts'
import type { RunChange, RunStore } from './store/runs.ts'

const PAGE = 2_000
const RETRY_MS = 500

/** Keeps the list of runs up with the journal. */
export interface Projector {
  /** Resolves when the list holds everything that the journal held at the call, or after the limit. */
  caughtUp(limitMs?: number): Promise<void>
  stop(): Promise<void>
}

export function createProjector(
  journal: Pick<Journal, 'read' | 'subscribe' | 'status'>,
  store: RunStore,
  log: Log,
): Projector {
  const { shard } = journal.status()
  let working: Promise<void> | undefined
  let stopped = false

  const wake = (): Promise<void> => {
    working ??= follow().finally(() => {
      working = undefined
    })
    return working
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      try {
        const from = await store.next(shard)
        if (from >= journal.status().size) return
        const entries = await journal.read(from, PAGE)
        if (entries.length === 0) return
        await store.apply(shard, from + entries.length, changesOf(entries))
      } catch (thrown) {
        if (stopped) return
        log.warn({ err: toAzoraError(thrown) }, 'the list of runs lags behind the journal; trying again')
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  const unsubscribe = journal.subscribe(() => void wake())
  return {
    async caughtUp(limitMs) {
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise<void>((resolve) => {
        if (limitMs !== undefined) timer = setTimeout(resolve, limitMs)
      })
      // The work under way may have read its last page before the newest entry: one more round sees it.
      await Promise.race([(working ?? Promise.resolve()).then(wake), limit])
      clearTimeout(timer)
    },
    async stop() {
      stopped = true
      unsubscribe()
      await working
    },
  }
}

/** What a page of the log changes about each run in it. */
function changesOf(entries: readonly Entry[]): RunChange[] {
  const changes = new Map<string, RunChange>()
  for (const entry of entries) {
    const { header, payload } = entry
    const { run, transition, kind, at, index } = header
    if (!run || !transition) continue
    const change: RunChange = changes.get(run) ?? { id: run, tenant: header.tenant, index }
    change.state = transition.to
    change.index = index
    if (kind === 'run.scheduled')
      change.spec = isErased(entry)
        ? { ...erasedSpec(header), erased: true }
        : (payload as Entry<'run.scheduled'>['payload']).spec
    if (kind === 'run.started') change.startedAt = at
    if (isTerminal(transition.to)) change.finishedAt = at
    if (kind === 'run.failed' && !isErased(entry)) change.error = (payload as Entry<'run.failed'>['payload']).error
    changes.set(run, change)
  }
  return [...changes.values()]
}
