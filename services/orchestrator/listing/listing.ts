import type { AgentRun, RunState } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Caller } from '../commands/schedule.ts'
import { foldRun } from '../fold/fold.ts'
import type { RunStore } from '../store/runs.ts'
import { LIST_MS_MAX, type Projector } from './projector.ts'

export interface RunQuery {
  state?: RunState | undefined
  agentId?: string | undefined
  /** Created then or later. */
  since?: string | undefined
  /** Created before. */
  until?: string | undefined
  order?: 'newest' | 'oldest' | undefined
  limit: number
  /** Id of the last run of the page before. */
  cursor?: string | undefined
}

/** The runs of a tenant, from what is made of the journal for looking them up. */
export interface Listing {
  list(caller: Caller, query: RunQuery): Promise<{ items: AgentRun[]; next?: string }>
  counts(caller: Caller): Promise<Record<string, number>>
  /** Takes what was erased in the journal out of everything that was made from it. */
  forget(runs: ReadonlyArray<{ runId: string }>): Promise<void>
  /** Index of the first entry of the oldest run that has not ended; the size of the log when there is none. */
  openSince(): Promise<number>
}

export interface ListingDeps {
  journal: Pick<Journal, 'readRun' | 'status'>
  store: RunStore
  projector: Projector
}

export const createListing = ({ journal, store, projector }: ListingDeps): Listing => ({
  async list(caller, { limit, cursor, ...query }) {
    await projector.caughtUp(LIST_MS_MAX)
    const items = await store.list({ ...query, tenant: caller.tenant, after: cursor, limit: limit + 1 })
    if (items.length <= limit) return { items }
    const page = items.slice(0, limit)
    const last = page.at(-1)
    return last ? { items: page, next: last.id } : { items: page }
  },
  counts: (caller) => store.counts(caller.tenant),
  async forget(runs) {
    // A page that was read before the erasure must not be listed after it.
    await projector.caughtUp()
    for (const { runId } of runs) {
      const fold = foldRun(await journal.readRun(runId))
      if (!fold) continue
      const { spec, specErased, error } = fold
      await store.replace(runId, { spec: { ...spec, ...(specErased && { erased: true as const }) }, error })
    }
  },
  async openSince() {
    const { size } = journal.status()
    await projector.caughtUp()
    return (await store.waiting.oldest()) ?? size
  },
})
