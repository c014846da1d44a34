import type { Db } from '@azora/base/db'
import type {
  AdmissionLimitsView,
  BudgetView,
  Json,
  NewUseLimits,
  ReviewRequest,
  RunAccepted,
  RunDetail,
  SetLimitsRequest,
  SignalAccepted,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { Registry } from '@azora/skills'
import { openAdmission } from './admission/open.ts'
import { openBudgets } from './budgets/open.ts'
import type { MayStart } from './children/start.ts'
import { controlRun, controls, readRun } from './commands/control.ts'
import { createEnds, type Ends } from './commands/ends.ts'
import type { Caller } from './commands/schedule.ts'
import { signalRun } from './commands/signal.ts'
import { createStarting, type Starting } from './commands/starting.ts'
import type { DriverDeps } from './driving/driver.ts'
import { createEngine, type TenantsOfRuns } from './driving/engine.ts'
import { erasuresOf } from './fold/erased.ts'
import { createForking, type Forking } from './forking/forking.ts'
import { createListing, type Listing } from './listing/listing.ts'
import { createProjector } from './listing/projector.ts'
import { viewDetail } from './listing/views.ts'
import { type Decider, decideReview } from './reviews/decide.ts'
import { enlistReviews } from './reviews/enlist.ts'
import { createReviews, type ReviewPage, type ReviewQuery, type Reviews } from './reviews/reviews.ts'
import { createRunStore, type RunStore } from './store/runs.ts'

export interface OpenOrchestratorDeps extends Omit<DriverDeps, 'budgets' | 'journal' | 'registry'> {
  journal: Journal
  registry: Registry
  /** Runs that are driven at one time. */
  concurrency: number
  tenants?: TenantsOfRuns
  /** Whether a run's owner may start runs of an agent, which its children are; everybody may if absent. */
  mayStart?: MayStart
}

export interface OrchestratorDeps extends OpenOrchestratorDeps {
  db: Db
  /** Of the program: after a change of it each run that has started is looked at once. */
  version: string
}

/** Schedules runs and carries them through the gate to their end. Every answer about a run comes from the journal. */
export interface Orchestrator extends Starting, Forking, Listing {
  /** See {@link Ends.of}. */
  ended: Ends['of']
  cancel(caller: Caller, runId: string, reason?: string): Promise<RunAccepted>
  pause(caller: Caller, runId: string, reason?: string): Promise<RunAccepted>
  /** @param budget what it may use altogether. Throws `run_without_budget`. */
  resume(caller: Caller, runId: string, budget?: NewUseLimits): Promise<RunAccepted>
  /** Throws what {@link signalRun} throws. */
  signal(
    caller: Caller,
    runId: string,
    signal: { name: string; data: Json },
    idempotencyKey?: string,
  ): Promise<SignalAccepted>
  show(caller: Caller, runId: string): Promise<RunDetail>
  /** What waits for people, page by page. */
  reviews(caller: Caller, query?: ReviewQuery): Promise<ReviewPage>
  reviewsOf: Reviews['of']
  review: Reviews['get']
  runOfReview: Reviews['runOf']
  /** Throws what {@link decideReview} throws. */
  decide(decider: Decider, reviewId: string, request: ReviewRequest): Promise<RunAccepted>
  /** How runs are accepted and admitted. */
  limits(): AdmissionLimitsView
  /** What is used and reserved of the budgets in force. */
  budgets(): BudgetView[]
  /** Throws `limits_changed`. */
  setLimits(caller: Caller, request: SetLimitsRequest): Promise<AdmissionLimitsView>
  stop(): Promise<void>
}

/** {@link openOrchestrator} with its list of runs in PostgreSQL. */
export const createOrchestrator = async ({ db, version, ...deps }: OrchestratorDeps): Promise<Orchestrator> =>
  openOrchestrator(deps, await createRunStore(db, deps.journal.texts, version))

/** Takes up every run that has not ended. */
export async function openOrchestrator(deps: OpenOrchestratorDeps, store: RunStore): Promise<Orchestrator> {
  const { journal, registry, clock, gate, performer, secretTermsOf } = deps
  const projector = createProjector(journal, store, deps.log)
  await projector.caughtUp()
  await enlistReviews(journal, store.reviews)
  const admission = await openAdmission({ journal, store: store.waiting, clock, log: deps.log })
  const accepting = { journal, clock, door: admission.door }
  const budgets = await openBudgets({ ...deps, store: store.budgets, limits: admission.limits })
  const engine = createEngine({
    ...deps,
    budgets,
    limits: admission.limits,
    door: admission.door,
    onRest: projector.rested,
  })
  const ends = createEnds(journal)
  admission.takeUp(engine)

  const reviews = createReviews({ journal, store: store.reviews, projector, clock })

  return {
    ...createStarting({ ...accepting, registry, gate, performer, secretTermsOf }),
    ...createForking({ ...accepting, registry, isDriven: engine.isDriven }),
    ...createListing({ journal, store, projector }),
    ended: ends.of,
    cancel: (caller, runId, reason) => controlRun(journal, caller, runId, controls.cancel(reason)),
    pause: (caller, runId, reason) => controlRun(journal, caller, runId, controls.pause(reason)),
    resume: (caller, runId, budget) => controlRun(journal, caller, runId, controls.resume(budget)),
    signal: (caller, runId, signal, idempotencyKey) => signalRun(journal, caller, runId, signal, idempotencyKey),
    async show(caller, runId) {
      const fold = await readRun(journal, caller, runId)
      return viewDetail(fold, await erasuresOf(journal, fold), engine.heldUp(runId))
    },
    reviews: (caller, query = {}) => reviews.list(caller, query),
    reviewsOf: reviews.of,
    review: reviews.get,
    runOfReview: reviews.runOf,
    async decide(decider, reviewId, request) {
      return decideReview(deps, decider, await reviews.runOf(decider, reviewId), reviewId, request)
    },
    limits: admission.limits.view,
    budgets: budgets.views,
    setLimits: admission.limits.set,
    async stop() {
      ends.stop()
      admission.close()
      await engine.stop()
      await Promise.all([projector.stop(), budgets.stop()])
    },
  }
}
