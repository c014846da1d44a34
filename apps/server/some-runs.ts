import { AzoraError } from '@azora/base'
import type { ReviewView, Right } from '@azora/contracts'
import { type AboutRun, may, type Principal, requirePermission } from '@azora/identity'
import { noReview, type Orchestrator } from '@azora/orchestrator'

/** The agent of runs that perform a skill or a plan without one. */
const DIRECT = 'direct'
/** So many runs are looked at for a page of those that the caller may see. */
const LOOKED_AT_MAX = 2_000

/**
 * The orchestrator for callers who may do some things for some runs only: each method asks about the run, and what one may
 * not see is not there. The door lets such callers in to operations that say `forSomeRuns`, and those come here.
 */
export function orchestratorForSome(inner: Orchestrator): Orchestrator {
  const about = (caller: Principal, right: Right, runId: string): Promise<void> =>
    requireForRun(inner, caller, right, runId)
  /** A fork shows what the other run did. */
  const aboutFork = async (caller: Principal, runId: string): Promise<void> => {
    await about(caller, 'run.read', runId)
    await about(caller, 'run.manage', runId)
  }
  return {
    ...inner,
    async create(caller: Principal, run, key) {
      requireForAgent(caller, 'run.manage', run.agentId)
      // How a run ended shows in whether another one starts after it.
      for (const dependency of run.after ?? []) await about(caller, 'run.read', dependency.run)
      return inner.create(caller, run, key)
    },
    async execute(caller: Principal, call, key) {
      requireForAgent(caller, 'run.create', DIRECT)
      return inner.execute(caller, call, key)
    },
    async performPlan(caller: Principal, run, key) {
      requireForAgent(caller, 'run.create', DIRECT)
      return inner.performPlan(caller, run, key)
    },
    async cancel(caller: Principal, runId, reason) {
      await about(caller, 'run.manage', runId)
      return inner.cancel(caller, runId, reason)
    },
    async pause(caller: Principal, runId, reason) {
      await about(caller, 'run.manage', runId)
      return inner.pause(caller, runId, reason)
    },
    async resume(caller: Principal, runId, budget) {
      await about(caller, 'run.manage', runId)
      return inner.resume(caller, runId, budget)
    },
    async retry(caller: Principal, runId, key) {
      await about(caller, 'run.manage', runId)
      return inner.retry(caller, runId, key)
    },
    async fork(caller: Principal, runId, fork, key) {
      await aboutFork(caller, runId)
      return inner.fork(caller, runId, fork, key)
    },
    async restart(caller: Principal, runId, from, key) {
      await aboutFork(caller, runId)
      return inner.restart(caller, runId, from, key)
    },
    async migrate(caller: Principal, runId, to, askAgain) {
      await about(caller, 'run.manage', runId)
      return inner.migrate(caller, runId, to, askAgain)
    },
    async signal(caller: Principal, runId, signal, key) {
      await about(caller, 'run.signal', runId)
      return inner.signal(caller, runId, signal, key)
    },
    async show(caller: Principal, runId) {
      const run = await inner.show(caller, runId)
      if (!may(caller, 'run.read', run)) throw noRun(runId)
      return run
    },
    async list(caller: Principal, query) {
      if (may(caller, 'run.read')) return inner.list(caller, query)
      const page = (cursor: string | undefined) => inner.list(caller, { ...query, cursor })
      return pageOfAllowed(query.cursor, page, (run) => may(caller, 'run.read', run))
    },
    async reviews(caller: Principal, query = {}) {
      if (may(caller, 'review.read')) return inner.reviews(caller, query)
      const page = (cursor: string | undefined) => inner.reviews(caller, { ...query, cursor })
      return pageOfAllowed(query.cursor, page, (review) => may(caller, 'review.read', aboutReview(review)))
    },
    async review(caller: Principal, reviewId) {
      await requireForReview(inner, caller, 'review.read', reviewId)
      return inner.review(caller, reviewId)
    },
    async runOfReview(caller: Principal, reviewId) {
      await requireForReview(inner, caller, 'review.decide', reviewId)
      return inner.runOfReview(caller, reviewId)
    },
    async decide(caller: Principal, reviewId, request) {
      await requireForReview(inner, caller, 'review.decide', reviewId)
      return inner.decide(caller, reviewId, request)
    },
  }
}

/** Throws `run_not_found` unless the caller may do it for this run too. */
export async function requireForRun(
  runs: Pick<Orchestrator, 'show'>,
  caller: Principal,
  right: Right,
  runId: string,
): Promise<void> {
  if (may(caller, right)) return
  if (!may(caller, right, await runs.show(caller, runId))) throw noRun(runId)
}

/** Throws `forbidden` unless the caller may do it for runs of this agent that they start themselves. */
export const requireForAgent = (caller: Principal, right: Right, agentId: string): void =>
  requirePermission(caller, right, { agentId, owner: caller.id })

/** Those that the caller may do it for. */
export const onlyAllowed = <T extends AboutRun>(caller: Principal, right: Right, items: readonly T[]): T[] =>
  may(caller, right) ? [...items] : items.filter((item) => may(caller, right, item))

const aboutReview = ({ agentId, runOwner: owner }: ReviewView): AboutRun => ({ agentId, owner })

/** Throws `review_not_found` unless the caller may do it for the run that asked, also where nobody has to decide any more. */
async function requireForReview(
  runs: Pick<Orchestrator, 'runOfReview' | 'show'>,
  caller: Principal,
  right: Right,
  reviewId: string,
): Promise<void> {
  if (may(caller, right)) return
  const run = await runs.show(caller, await runs.runOfReview(caller, reviewId))
  if (!may(caller, right, run)) throw noReview(reviewId)
}

/** A page may hold less than was asked for, and there may still be a next one. */
async function pageOfAllowed<T>(
  first: string | undefined,
  ask: (cursor: string | undefined) => Promise<{ items: T[]; next?: string }>,
  isAllowed: (item: T) => boolean,
): Promise<{ items: T[]; next?: string }> {
  let cursor = first
  for (let seen = 0; ; ) {
    const { items, next } = await ask(cursor)
    const allowed = items.filter(isAllowed)
    if (next === undefined) return { items: allowed }
    seen += items.length
    if (allowed.length > 0 || seen >= LOOKED_AT_MAX) return { items: allowed, next }
    cursor = next
  }
}

const noRun = (runId: string): AzoraError =>
  new AzoraError('missing', 'run_not_found', `there is no run ${runId}`, { remedy: 'List the runs: azora run list' })
