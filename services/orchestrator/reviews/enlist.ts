import type { Journal } from '@azora/journal'
import { newChanges } from '../listing/changes.ts'
import type { ReviewStore } from '../store/reviews.ts'

const RUNS_AT_ONCE = 200

/** Puts reviews in the list that were asked for before there was one. Resolves when it holds all of them. */
export async function enlistReviews(journal: Pick<Journal, 'readRun'>, store: ReviewStore): Promise<void> {
  for (;;) {
    const runs = await store.unlisted(RUNS_AT_ONCE)
    if (runs.length === 0) return
    const histories = await Promise.all(runs.map((run) => journal.readRun(run)))
    const changes = newChanges(0)
    for (const entries of histories) changes.add(entries)
    await store.enlist(runs, changes.list())
  }
}
