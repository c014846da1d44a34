import { AzoraError, type Clock } from '@azora/base'
import type { ReviewView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { readRun } from '../commands/control.ts'
import type { Caller } from '../commands/schedule.ts'
import { LIST_MS_MAX, type Projector } from '../listing/projector.ts'
import { viewReviews } from '../listing/views.ts'
import type { ListedReview, ReviewFilter, ReviewStore } from '../store/reviews.ts'
import { askedKey, voteKey } from './keys.ts'
import { noReview } from './no-review.ts'

export interface ReviewQuery extends Omit<ReviewFilter, 'tenant' | 'after' | 'limit'> {
  limit?: number | undefined
  /** `next` of the page before. */
  cursor?: string | undefined
}

export interface ReviewPage {
  items: ReviewView[]
  next?: string
}

/** Finds what waits for people. The list says where to look, the journal what is there. */
export interface Reviews {
  list(caller: Caller, query: ReviewQuery): Promise<ReviewPage>
  /** Those of one run. Throws `run_not_found`. */
  of(caller: Caller, runId: string): Promise<ReviewView[]>
  /** One that waits. Throws `review_not_found`. */
  get(caller: Caller, reviewId: string): Promise<ReviewView>
  /** The run that asked, also when nobody has to decide any more. Throws `review_not_found`. */
  runOf(caller: Caller, reviewId: string): Promise<string>
}

export interface ReviewsDeps {
  journal: Pick<Journal, 'within'>
  store: ReviewStore
  projector: Pick<Projector, 'caughtUp'>
  clock: Clock
}

const PAGE = 200

export function createReviews({ journal, store, projector, clock }: ReviewsDeps): Reviews {
  const of: Reviews['of'] = async (caller, runId) => viewReviews(await readRun(journal, caller, runId), clock.now())

  /** Those of the listed ones that wait, as the journal shows them; each run is read once. */
  async function waiting(caller: Caller, listed: readonly ListedReview[]): Promise<Found[]> {
    const runs = [...new Set(listed.map(({ run }) => run))]
    const views = (await Promise.all(runs.map((run) => of(caller, run)))).flat()
    const byId = new Map(views.map((view) => [view.reviewId, view]))
    return listed.flatMap(({ id, index }) => {
      const view = byId.get(id)
      return view ? [{ view, index }] : []
    })
  }

  /** The list forgets what a run that has ended asked for. */
  async function recordedRun({ tenant }: Caller, reviewId: string): Promise<string | undefined> {
    const { keyed } = journal.within(tenant)
    const entry = (await keyed(askedKey(reviewId))) ?? (await keyed(voteKey(reviewId, 0)))
    return entry?.header.run
  }

  async function runOf(caller: Caller, reviewId: string): Promise<string> {
    await projector.caughtUp(LIST_MS_MAX)
    const run = (await store.runOf(caller.tenant, reviewId)) ?? (await recordedRun(caller, reviewId))
    if (run === undefined) throw noReview(reviewId)
    return run
  }

  return {
    async list(caller, { limit = PAGE, cursor, ...query }) {
      await projector.caughtUp(LIST_MS_MAX)
      const found: Found[] = []
      for (let after = cursor === undefined ? undefined : Number(cursor); found.length <= limit; ) {
        const listed = await store.page({ ...query, tenant: caller.tenant, after, limit: limit + 1 }, clock.now())
        found.push(...(await waiting(caller, listed)))
        after = listed.at(-1)?.index
        if (listed.length <= limit) break
      }
      const page = found.slice(0, limit)
      const items = page.map(({ view }) => view)
      const last = page.at(-1)
      return found.length > limit && last ? { items, next: String(last.index) } : { items }
    },
    of,
    async get(caller, reviewId) {
      const run = await runOf(caller, reviewId)
      const view = (await of(caller, run)).find((one) => one.reviewId === reviewId)
      if (view) return view
      throw over(reviewId, run)
    },
    runOf,
  }
}

interface Found {
  view: ReviewView
  index: number
}

const over = (reviewId: string, run: string): AzoraError =>
  new AzoraError('missing', 'review_not_found', `review ${reviewId} waits no more: it is decided, or too late`, {
    remedy: `Look at the run: azora run show ${run}`,
  })
