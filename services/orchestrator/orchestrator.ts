import { uuidv7 } from '@azora/base'
import type { Db } from '@azora/base/db'
import {
  type AdmissionLimitsView,
  type AgentRun,
  type BudgetView,
  DEFAULT_SHARD,
  FRESH_RUN,
  type Json,
  type JsonObject,
  type NewUseLimits,
  type Plan,
  type RetryPolicy,
  type ReviewRequest,
  type RunAccepted,
  type RunDetail,
  type RunState,
  type Scope,
  type SetLimitsRequest,
  type SignalAccepted,
  type VerificationContext,
  type VerifyResponse,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { actionOf } from './action.ts'
import { openAdmission } from './admission/open.ts'
import { openBudgets } from './budgets/open.ts'
import type { MayStart } from './children/start.ts'
import { controlRun, controls, readRun } from './control.ts'
import { type Decider, decideReview } from './decide-review.ts'
import { assertKnown } from './dependencies/known.ts'
import type { DriverDeps } from './driver.ts'
import { createEnds, type Ends } from './ends.ts'
import { createEngine, type TenantsOfRuns } from './engine.ts'
import { erasuresOf } from './erased.ts'
import { foldRun } from './fold.ts'
import { createForking, type Forking } from './forking/forking.ts'
import { checkPlan } from './plan-check.ts'
import { createProjector, LIST_MS_MAX } from './projector.ts'
import { isAsDescribed, requestRun } from './request.ts'
import { enlistReviews } from './reviews/enlist.ts'
import { createReviews, type ReviewPage, type ReviewQuery, type Reviews } from './reviews/reviews.ts'
import type { Caller, NewRun } from './schedule.ts'
import { secretsOf } from './secrets.ts'
import { signalRun } from './signal.ts'
import { createRunStore, type RunStore } from './store/runs.ts'
import { assertWithin } from './turn.ts'
import { viewDetail } from './views.ts'
import { isWait } from './wait.ts'

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

export interface SkillCall {
  skillId: string
  version?: string | undefined
  input: JsonObject
  scope: Scope
}

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

/** Schedules runs and carries them through the gate to their end. Every answer about a run comes from the journal. */
export interface Orchestrator extends Forking {
  /** Durable when it resolves. Throws `agent_not_found`, `invalid_input`, and `run_not_found` for one that it is to start after. */
  create(caller: Caller, run: CreateRun, idempotencyKey?: string): Promise<RunAccepted>
  /** One skill as a run of its own; durable when it resolves. Throws `skill_not_found`, `invalid_input`. */
  execute(
    caller: Caller,
    call: SkillCall & { priority: number; shard?: string; startAt?: string; retry?: RetryPolicy },
    idempotencyKey?: string,
  ): Promise<RunAccepted>
  /** A plan without an agent, as a run; durable when it resolves. Throws `plan_invalid`, `skill_not_found`, `actions_exceeded`. */
  performPlan(caller: Caller, run: PlanRun, idempotencyKey?: string): Promise<RunAccepted>
  /** See {@link Ends.of}. */
  ended: Ends['of']
  /** The verdict that a skill would get; nothing is done and nothing is journaled. */
  verify(caller: Caller, call: SkillCall): VerifyResponse
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
  list(caller: Caller, query: RunQuery): Promise<{ items: AgentRun[]; next?: string }>
  counts(caller: Caller): Promise<Record<string, number>>
  /** What waits for people, page by page. */
  reviews(caller: Caller, query?: ReviewQuery): Promise<ReviewPage>
  reviewsOf: Reviews['of']
  review: Reviews['get']
  runOfReview: Reviews['runOf']
  /** Takes what was erased in the journal out of everything that was made from it. */
  forget(runs: ReadonlyArray<{ runId: string }>): Promise<void>
  /** Throws what {@link decideReview} throws. */
  decide(decider: Decider, reviewId: string, request: ReviewRequest): Promise<RunAccepted>
  /** Index of the first entry of the oldest run that has not ended; the size of the log when there is none. */
  openSince(): Promise<number>
  /** How runs are accepted and admitted. */
  limits(): AdmissionLimitsView
  /** What is used and reserved of the budgets in force. */
  budgets(): BudgetView[]
  /** Throws `limits_changed`. */
  setLimits(caller: Caller, request: SetLimitsRequest): Promise<AdmissionLimitsView>
  stop(): Promise<void>
}

export type PlanRun = Pick<NewRun, 'scope' | 'priority' | 'budget' | 'deadline' | 'shard'> & { plan: Plan }
export type CreateRun = Omit<NewRun, 'agentVersion' | 'plan' | 'retryOf' | 'parent' | 'forkOf' | 'takenOver'> & {
  agentVersion?: string | undefined
}

/** The agent id of a run that performs one skill without an agent. */
const DIRECT = { agentId: 'direct', agentVersion: '1.0.0' }

/** {@link openOrchestrator} with its list of runs in PostgreSQL. */
export const createOrchestrator = async ({ db, version, ...deps }: OrchestratorDeps): Promise<Orchestrator> =>
  openOrchestrator(deps, await createRunStore(db, deps.journal.texts, version))

/** Takes up every run that has not ended. */
export async function openOrchestrator(deps: OpenOrchestratorDeps, store: RunStore): Promise<Orchestrator> {
  const { journal, registry, gate, clock } = deps
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
    async create(caller, run, idempotencyKey) {
      const make = async () => {
        const agent = registry.agent(run.agentId, run.agentVersion)
        registry.checkAgentInput(agent, run.input)
        await assertKnown(journal, caller, run.after ?? [])
        return { ...run, agentVersion: agent.version }
      }
      return requestRun(accepting, caller, { make, made: isAsDescribed(caller, run) }, idempotencyKey)
    },
    async execute(caller, { skillId, version, input, scope, priority, shard, startAt, retry }, idempotencyKey) {
      const plan: Plan = {
        steps: [
          { id: 'skill', skill: skillId, input, after: [], ...(version && { version }), ...(retry && { retry }) },
        ],
      }
      const about = { input, scope, priority, plan, startAt, ...(shard && { shard }) }
      const run: NewRun = { ...DIRECT, ...about, budget: { actions: 1, turns: 1 } }
      const make = () => {
        registry.checkSkillInput(registry.skill(skillId, version), input)
        return run
      }
      return requestRun(accepting, caller, { make, made: isAsDescribed(caller, run) }, idempotencyKey)
    },
    async performPlan(caller, { plan, ...about }, idempotencyKey) {
      const run: NewRun = { ...DIRECT, input: {}, plan, ...about }
      const make = () => {
        checkPlan(plan, new Set())
        assertWithin(run.budget, plan)
        for (const step of plan.steps) if (!isWait(step)) registry.skill(step.skill, step.version)
        return run
      }
      return requestRun(accepting, caller, { make, made: isAsDescribed(caller, run) }, idempotencyKey)
    },
    ended: ends.of,
    verify(caller, { skillId, version, input, scope }) {
      const skill = registry.skill(skillId, version)
      registry.checkSkillInput(skill, input)
      const now = clock.now()
      const action = actionOf(
        { runId: uuidv7(now), tenant: caller.tenant, proposer: caller.id, owner: caller.id },
        'skill',
        skill,
        input,
        secretsOf(skill, input, (name) => deps.secretTermsOf(caller.tenant, name)),
      )
      return {
        ...gate.verify({ action, scope, run: FRESH_RUN, ...isolationIn(deps) }),
        actionDigest: digestOf(action),
      }
    },
    cancel: (caller, runId, reason) => controlRun(journal, caller, runId, controls.cancel(reason)),
    pause: (caller, runId, reason) => controlRun(journal, caller, runId, controls.pause(reason)),
    resume: (caller, runId, budget) => controlRun(journal, caller, runId, controls.resume(budget)),
    ...createForking({ ...accepting, registry, isDriven: engine.isDriven }),
    signal: (caller, runId, signal, idempotencyKey) => signalRun(journal, caller, runId, signal, idempotencyKey),
    async show(caller, runId) {
      const fold = await readRun(journal, caller, runId)
      return viewDetail(fold, await erasuresOf(journal, fold), engine.heldUp(runId))
    },
    async list(caller, { limit, cursor, ...query }) {
      await projector.caughtUp(LIST_MS_MAX)
      const items = await store.list({ ...query, tenant: caller.tenant, after: cursor, limit: limit + 1 })
      if (items.length <= limit) return { items }
      const page = items.slice(0, limit)
      const last = page.at(-1)
      return last ? { items: page, next: last.id } : { items: page }
    },
    counts: (caller) => store.counts(caller.tenant),
    reviews: (caller, query = {}) => reviews.list(caller, query),
    reviewsOf: reviews.of,
    review: reviews.get,
    runOfReview: reviews.runOf,
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
    async decide(decider, reviewId, request) {
      return decideReview(deps, decider, await reviews.runOf(decider, reviewId), reviewId, request)
    },
    async openSince() {
      const { size } = journal.status()
      await projector.caughtUp()
      return (await store.waiting.oldest()) ?? size
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

function isolationIn({ performer }: Pick<OpenOrchestratorDeps, 'performer'>): Pick<VerificationContext, 'isolation'> {
  const isolation = performer.isolation(DEFAULT_SHARD)
  return isolation ? { isolation } : {}
}
