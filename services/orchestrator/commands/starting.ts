import { uuidv7 } from '@azora/base'
import {
  DEFAULT_SHARD,
  FRESH_RUN,
  type JsonObject,
  type Plan,
  type RetryPolicy,
  type RunAccepted,
  type Scope,
  type VerificationContext,
  type VerifyResponse,
} from '@azora/contracts'
import type { TenantRuns } from '@azora/journal'
import { digestOf } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { assertKnown } from '../dependencies/known.ts'
import type { DriverDeps } from '../driving/driver.ts'
import { assertWithin } from '../driving/turn.ts'
import { isWait } from '../driving/wait.ts'
import { actionOf } from '../judging/action.ts'
import { checkPlan } from '../judging/plan-check.ts'
import { secretsOf } from '../judging/secrets.ts'
import { isAsDescribed, type RequestDeps, requestRun } from './request.ts'
import type { Caller, NewRun } from './schedule.ts'

export interface StartingDeps extends RequestDeps, Pick<DriverDeps, 'gate' | 'performer' | 'secretTermsOf'> {
  journal: RequestDeps['journal'] & TenantRuns
  registry: Registry
}

export interface SkillCall {
  skillId: string
  version?: string | undefined
  input: JsonObject
  scope: Scope
}

export type PlanRun = Pick<NewRun, 'scope' | 'priority' | 'budget' | 'deadline' | 'shard'> & { plan: Plan }
export type CreateRun = Omit<NewRun, 'agentVersion' | 'plan' | 'retryOf' | 'parent' | 'forkOf' | 'takenOver'> & {
  agentVersion?: string | undefined
}

/** New runs, and what the law would say of one. */
export interface Starting {
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
  /** The verdict that a skill would get; nothing is done and nothing is journaled. */
  verify(caller: Caller, call: SkillCall): VerifyResponse
}

/** The agent id of a run that performs one skill without an agent. */
const DIRECT = { agentId: 'direct', agentVersion: '1.0.0' }

export function createStarting(deps: StartingDeps): Starting {
  const { registry, gate, clock } = deps
  return {
    async create(caller, run, idempotencyKey) {
      const make = async () => {
        const agent = registry.agent(run.agentId, run.agentVersion)
        registry.checkAgentInput(agent, run.input)
        await assertKnown(deps.journal, caller, run.after ?? [])
        return { ...run, agentVersion: agent.version }
      }
      return requestRun(deps, caller, { make, made: isAsDescribed(caller, run) }, idempotencyKey)
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
      return requestRun(deps, caller, { make, made: isAsDescribed(caller, run) }, idempotencyKey)
    },
    async performPlan(caller, { plan, ...about }, idempotencyKey) {
      const run: NewRun = { ...DIRECT, input: {}, plan, ...about }
      const make = () => {
        checkPlan(plan, new Set())
        assertWithin(run.budget, plan)
        for (const step of plan.steps) if (!isWait(step)) registry.skill(step.skill, step.version)
        return run
      }
      return requestRun(deps, caller, { make, made: isAsDescribed(caller, run) }, idempotencyKey)
    },
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
  }
}

function isolationIn({ performer }: Pick<StartingDeps, 'performer'>): Pick<VerificationContext, 'isolation'> {
  const isolation = performer.isolation(DEFAULT_SHARD)
  return isolation ? { isolation } : {}
}
